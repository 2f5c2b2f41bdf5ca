"""How a detector is judged: the development clips of the detector corpus, by its own rules.

The figure that counts is the EER of fakes whose generator occurs nowhere in training, from pages where real and fake
have the same codec and sampling rate, neural codec copies left out, against the real clips of the same pages. Second
come all clips, and codec copies by themselves. Intervals are bootstrapped over pages. Before anything is scored, a
check refuses a corpus whose splits are not as disjoint as the protocol claims.
"""

import csv
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from voxproof.audio import read_audio
from voxproof.detection import Detector, Verdict, detect_audio
from voxproof.errors import AudioError, CorpusError
from voxproof.evaluation.bootstrap import Interval
from voxproof.evaluation.detection_metrics import Trials, detection_figures
from voxproof.evaluation.report import Report, Table
from voxproof.evaluation.tasks import Advance, silent

FEWEST = 2  # clips of a class under which a group gets no figure
METRICS = ("eer", "auc", "min_dcf", "act_dcf", "cllr", "fpr", "fnr", "accuracy", "f1")


@dataclass(frozen=True)
class Row:
    """One clip of the corpus, as its manifest tells it."""

    path: Path
    label: str
    split: str
    page: str
    generator: str
    family: str
    novel: bool
    matched: bool
    speaker: str
    language: str
    gender: str
    codec: str
    origin: tuple[str, str]  # repository and path: the same in two rows means the same recording

    @property
    def fake(self) -> bool:
        """Whether a machine made it."""
        return self.label == "fake"


def read_corpus(folder: str | Path) -> list[Row]:
    """All rows of `manifest.tsv` in `folder`, both splits. `CorpusError` if it is missing or lacks a column."""
    manifest = Path(folder) / "manifest.tsv"
    if not manifest.is_file():
        raise CorpusError(f"no {manifest}: give the folder of the detector corpus")
    with manifest.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file, delimiter="\t"))
    try:
        return [
            Row(
                path=manifest.parent / row["path"],
                label=row["label"],
                split=row["split"],
                page=row["page"],
                generator=row["generator"],
                family=row["family"],
                novel=row["novel"] == "1",
                matched=row["matched"] == "1",
                speaker=row["speaker"],
                language=row["language"],
                gender=row["gender"],
                codec=row["original_codec"],
                origin=(row["repo"], row["source_path"]),
            )
            for row in table
        ]
    except KeyError as missing:
        raise CorpusError(f"{manifest} has no column {missing}") from None


def check_disjoint(rows: Sequence[Row]) -> dict[str, int]:
    """Refuse splits that overlap where the protocol says that they do not; count where it does not say so.

    Pages and recordings must be apart, and a generator that is called novel must not occur in training. Speakers of
    the two splits may meet (famous corpora are on many pages): how many do comes back, and clips of theirs can be left
    out by `unseen_speakers`.
    """
    train = [row for row in rows if row.split == "train"]
    dev = [row for row in rows if row.split == "dev"]
    if not train or not dev:
        raise CorpusError("the corpus lacks one of its splits, train and dev, so nothing can be checked")
    generators = {row.generator for row in train if row.fake}
    overlaps: dict[str, Collection[object]] = {
        "pages": {row.page for row in train} & {row.page for row in dev} - _wide(rows),
        "recordings": {row.origin for row in train} & {row.origin for row in dev},
        "novel generators": {row.generator for row in dev if row.fake and row.novel} & generators,
    }
    for kind, shared in overlaps.items():
        if shared:
            raise CorpusError(
                f"train and dev share {len(shared)} {kind} ({sorted(map(str, shared))[0]!r} for one): figures on such "
                "splits would say nothing"
            )
    speakers = {row.speaker for row in train} & {row.speaker for row in dev}
    return {
        "pages": 0,
        "recordings": 0,
        "novel generators": 0,
        "speakers": len(speakers),
        "clips of those speakers in dev": sum(row.speaker in speakers for row in dev),
    }


def _wide(rows: Sequence[Row]) -> set[str]:
    """Pages of real speech alone: whole corpora, which are split by speaker and recording instead."""
    return {row.page for row in rows if row.page.startswith("wide-")}


def unseen_speakers(rows: Sequence[Row]) -> list[Row]:
    """Development rows whose speaker is in no row of training."""
    seen = {row.speaker for row in rows if row.split == "train"}
    return [row for row in rows if row.split == "dev" and row.speaker not in seen]


@dataclass(frozen=True)
class Scored:
    """A development clip and what the detector said."""

    row: Row
    verdict: Verdict
    seconds: float  # of processor time, reading included


def score_corpus(rows: Sequence[Row], detector: Detector, advance: Advance = silent) -> tuple[list[Scored], list[str]]:
    """Verdicts on the rows, and the paths that could not be read (they count in no figure, but are told)."""
    scored, unread = [], []
    for done, row in enumerate(rows, start=1):
        begin = time.process_time()
        try:
            verdict = detect_audio(read_audio(row.path), detector)
        except AudioError as error:
            unread.append(str(error))
        else:
            scored.append(Scored(row, verdict, time.process_time() - begin))
        advance("detecting", done, len(rows))
    return scored, unread


def that_counts(scored: Sequence[Scored]) -> list[Scored]:
    """Novel, matched fakes without codec copies, and the real clips of matched pages that hold such fakes."""
    fakes = [s for s in scored if s.row.fake and s.row.novel and s.row.matched and s.row.family != "codec"]
    pages = {s.row.page for s in fakes}
    return fakes + [s for s in scored if not s.row.fake and s.row.matched and s.row.page in pages]


def figures_of(scored: Sequence[Scored], resamples: int = 1000) -> dict[str, Interval] | None:
    """All metrics with intervals over pages; None where a class has fewer than two clips."""
    fake = np.array([s.row.fake for s in scored], bool)
    if fake.sum() < FEWEST or (~fake).sum() < FEWEST:
        return None
    trials = Trials(np.array([s.verdict.llr for s in scored]), fake)
    return detection_figures(trials, [s.row.page for s in scored], resamples=resamples)


def groups_of(scored: Sequence[Scored], rows: Sequence[Row]) -> dict[str, list[Scored]]:
    """The sets that get a row in the table: the two main ones, then by family, by generator's novelty, by speaker."""
    counting = that_counts(scored)
    unseen = {row.path for row in unseen_speakers(rows)}
    real = [s for s in scored if not s.row.fake]
    groups = {
        "the figure that counts": counting,
        "all dev": list(scored),
        "all dev but codec copies": [s for s in scored if s.row.family != "codec"],
        "counts, speakers unseen in train": [s for s in counting if s.row.path in unseen],
    }
    for family in sorted({s.row.family for s in scored if s.row.fake}):
        groups[f"family {family}"] = [s for s in scored if s.row.fake and s.row.family == family] + real
    return groups


def evaluate_detector(
    corpus: str | Path,
    detector: Detector,
    *,
    advance: Advance = silent,
    resamples: int = 1000,
    limit: int | None = None,
    command: str = "",
) -> Report:
    """Score the development split and report; `limit` takes evenly spread clips (for a quick look, not a figure)."""
    rows = read_corpus(corpus)
    shared = check_disjoint(rows)
    dev = [row for row in rows if row.split == "dev"]
    if limit is not None and limit < len(dev):
        dev = [dev[place] for place in np.linspace(0, len(dev) - 1, limit).round().astype(int)]
    scored, unread = score_corpus(dev, detector, advance)
    groups = groups_of(scored, rows)
    figures: dict[str, Any] = {}
    table = []
    for name, members in groups.items():
        found = figures_of(members, resamples)
        fakes = sum(s.row.fake for s in members)
        counts = {"fake": fakes, "real": len(members) - fakes}
        figures[name] = {**counts, **({metric: found[metric] for metric in METRICS} if found else {})}
        if found:
            shown = [f"{found[m]:.3f}" for m in ("eer", "auc", "min_dcf", "cllr")]
            table.append([name, fakes, len(members) - fakes, *shown])
        else:
            table.append([name, fakes, len(members) - fakes, None, None, None, None])
    verdicts = _verdicts(groups["all dev"], groups["the figure that counts"])
    figures["verdicts"] = verdicts
    figures["speed"] = speed(scored)
    figures["overlap"] = shared
    about = {
        "Detector": f"{detector.name}, card {detector.card.sha256[:12]}",
        "Intervals": "95 %, bootstrap over pages",
        "Splits": f"pages, recordings and novel generators disjoint (checked); {shared['speakers']} speakers in both",
        "Speed": f"{figures['speed']['rtf']:.4f} s of processor time a second of sound, reading and speech activity in",
        "Unreadable": str(len(unread)) if unread else "",
    }
    tables = [
        Table(
            "Detection by score",
            ["set", "fake", "real", "EER", "AUC", "minDCF", "Cllr"],
            table,
            "Scores are calibrated log-likelihood ratios of whole clips. A family stands against all real clips.",
        ),
        Table(
            "Verdicts",
            ["set", "class", "clips", "called real", "uncertain", "called fake"],
            [
                [name, label, v["clips"], v["real"], v["uncertain"], v["fake"]]
                for name, both in verdicts.items()
                for label, v in both.items()
            ],
            "Shares of each class at the detector's own thresholds.",
        ),
    ]
    return Report(f"Detector {detector.name}", tables, figures, about, command=command)


def _verdicts(everything: Sequence[Scored], counting: Sequence[Scored]) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name, members in (("the figure that counts", counting), ("all dev", everything)):
        for fake in (False, True):
            labels = [s.verdict.label for s in members if s.row.fake == fake]
            shares: dict[str, float] = {"clips": len(labels)}
            for label in ("real", "uncertain", "fake"):
                shares[label] = round(labels.count(label) / max(len(labels), 1), 3)
            found.setdefault(name, {})["fake" if fake else "real"] = shares
    return found


def speed(scored: Sequence[Scored]) -> Mapping[str, float]:
    """Processor seconds for a second of sound, reading and speech activity included."""
    sound = sum(s.verdict.seconds for s in scored)
    return {
        "rtf": round(sum(s.seconds for s in scored) / sound, 5) if sound else float("nan"),
        "seconds": round(sound, 1),
    }
