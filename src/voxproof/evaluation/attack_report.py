"""What attacks leave of a detector: error rates before and after, and fakes that then pass for real.

An attack that happens to recordings (rooms, codecs, vocoders, other tempo) is done to both classes: if both move alike
the EER stays, and only the shipped thresholds suffer. An attack that a forger mounts is done to fakes alone, and real
clips keep the scores that they had.
"""

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from voxproof.audio import Audio, read_audio
from voxproof.detection import Detector, detect_audio
from voxproof.errors import AudioError
from voxproof.evaluation.attacks import ATTACKS, RATE, Attack
from voxproof.evaluation.bootstrap import mean_interval
from voxproof.evaluation.detector_figures import cluster_of, eer_of
from voxproof.evaluation.detector_groups import ALL, COUNTS
from voxproof.evaluation.detector_overlap import check_disjoint
from voxproof.evaluation.detector_protocol import Row, read_corpus, that_counts
from voxproof.evaluation.detector_scores import Overheard, Scored
from voxproof.evaluation.report import Report, Table
from voxproof.evaluation.tasks import Advance, silent
from voxproof.features.mel import Floats

NONE = "none"
_SHORTEST = 0.1  # seconds


@dataclass
class Attacked:
    """Scores of clips by the attack that they went through (`none` too), and clips that an attack could not take."""

    scored: dict[str, list[Scored]] = field(default_factory=dict)
    failed: Counter[str] = field(default_factory=Counter)
    unread: int = 0


def attack_corpus(
    rows: Sequence[Row], detector: Detector, attacks: Sequence[Attack], advance: Advance = silent
) -> Attacked:
    """Every row through every attack; a clip that an attack cannot take counts in none of its figures.

    What is random in an attack comes from its name and the clip's, so that a part of the corpus, or another detector,
    meets the same.
    """
    overheard = Overheard(detector)
    told = Attacked(scored={NONE: [], **{attack.name: [] for attack in attacks}})
    pages: dict[str, list[Row]] = {}
    for row in rows:
        if not row.fake:
            pages.setdefault(row.page, []).append(row)
    for done, row in enumerate(rows, start=1):
        try:
            samples = read_audio(row.path, rate=RATE).samples
            clean = _heard(row, samples, overheard)
        except AudioError:
            told.unread += 1
            continue
        told.scored[NONE].append(clean)
        for attack in attacks:
            if not (row.fake or attack.both):
                told.scored[attack.name].append(clean)
                continue
            rng = np.random.default_rng([zlib.crc32(attack.name.encode()), zlib.crc32(row.name.encode())])
            try:
                real = _other(row, pages, rng) if attack.mixture else None
                if attack.mixture and real is None:
                    raise AudioError(f"no other real clip is on the page of {row.name}")
                made = attack.run(samples, real, rng)
                if len(made) < _SHORTEST * RATE or not np.isfinite(made).all():
                    raise AudioError(f"{attack.name} leaves nothing of {row.name}")
            except AudioError:
                told.failed[attack.name] += 1
                continue
            told.scored[attack.name].append(_heard(row, made, overheard))
        advance("attacking", done, len(rows))
    return told


def _heard(row: Row, samples: Floats, overheard: Overheard) -> Scored:
    verdict = detect_audio(Audio(samples, RATE), overheard)
    return Scored(row, overheard.llr, verdict.label, seconds=verdict.seconds)


def _other(row: Row, pages: Mapping[str, Sequence[Row]], rng: np.random.Generator) -> Floats | None:
    """Another real recording of the page, of the same speaker where there is one."""
    others = [one for one in pages.get(row.page, []) if one.name != row.name]
    others = [one for one in others if one.speaker == row.speaker] or others
    return read_audio(others[int(rng.integers(len(others)))].path, rate=RATE).samples if others else None


def attack_report(
    corpus: str | Path,
    detector: Detector,
    attacks: Sequence[Attack] = ATTACKS,
    *,
    limit: int | None = None,
    resamples: int = 1000,
    advance: Advance = silent,
    command: str = "",
    about: Mapping[str, str] | None = None,
) -> Report:
    """EER on the set that counts and on all dev after each attack, and what is then called what at the thresholds.

    `limit` takes so many clips of dev, evenly spread.
    """
    rows = read_corpus(corpus)
    check_disjoint(rows)
    every = [row for row in rows if row.split == "dev"]
    chosen = every
    if limit is not None and limit < len(every):
        chosen = [every[place] for place in np.linspace(0, len(every) - 1, limit).round().astype(int)]
    able = [attack for attack in attacks if not attack.missing]
    told = attack_corpus(chosen, detector, able, advance)
    both = {attack.name: attack.both for attack in able}
    table, figures = _table(told, both, resamples)
    lines = {
        "Detector": f"{detector.name}, card {detector.card.sha256[:12]}",
        "Clips": f"{len(chosen)} of the {len(every)} of dev" + (", evenly spread" if len(chosen) < len(every) else ""),
        "Thresholds": f"fake above an LLR of {detector.calibration.fake_above:.3f}, real below "
        f"{detector.calibration.real_below:.3f}",
        "Intervals": "95 %, bootstrap over generators for fakes and speakers for real clips, drawn apart",
        "Not done": "; ".join(f"{attack.name} ({attack.missing})" for attack in attacks if attack.missing),
        "Clips that an attack could not take": ", ".join(f"{name} {count}" for name, count in told.failed.items()),
        "Unreadable": str(told.unread) if told.unread else "",
        **(about or {}),
    }
    kinds = Table("The attacks", ["attack", "what is done"], [[attack.name, attack.about] for attack in able])
    return Report(f"Attacks on {detector.name}", [table, kinds], figures, lines, command)


def _table(told: Attacked, both: Mapping[str, bool], resamples: int) -> tuple[Table, dict[str, Any]]:
    figures: dict[str, Any] = {}
    rows: list[list[object]] = []
    for name, scored in told.scored.items():
        found = {
            "eer_counts": eer_of(that_counts(scored), resamples),
            "eer_all": eer_of(scored, resamples),
            **{f"fakes_called_{label}": _share(scored, True, label) for label in ("real", "fake")},
            "real_called_fake": _share(scored, False, "fake"),
        }
        target = "-" if name == NONE else "both" if both[name] else "fakes"
        figures[name] = {"target": target, "fake": sum(s.row.fake for s in scored), "clips": len(scored), **found}
        rows.append([name, target, len(scored), *found.values()])
    head = ["attack", "on", "clips", f"EER, {COUNTS}", f"EER, {ALL}", "fakes called real", "fakes called fake"]
    note = "The first row is what the detector does without an attack. Shares are of all dev at the shipped thresholds."
    return Table("Before and after", [*head, "real called fake"], rows, note), figures


def _share(scored: Sequence[Scored], fake: bool, label: str) -> object:
    members = [s for s in scored if s.row.fake is fake]
    if not members:
        return None
    return mean_interval([float(s.label == label) for s in members], [cluster_of(s) for s in members])
