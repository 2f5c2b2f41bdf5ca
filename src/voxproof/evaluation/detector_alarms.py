"""False alarms: how often real speech is called fake, by kind of speech and by what happened to it on its way.

Counted are verdicts at the shipped thresholds, since that is what people are told. Real clips of dev alone: each page
of whole corpora, the demonstration pages together, each language; then all of them through every condition of
`voxproof.degradation`. Whole corpora of the training split are shown apart, if at all: the detector learned from them.
"""

import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio, as_audio, read_audio
from voxproof.detection import Detector, detect_audio
from voxproof.errors import AudioError, CorpusError
from voxproof.evaluation.bootstrap import mean_interval
from voxproof.evaluation.detector_figures import cluster_of
from voxproof.evaluation.detector_protocol import Row, read_corpus
from voxproof.evaluation.detector_scores import Scored
from voxproof.evaluation.report import Report, Table
from voxproof.evaluation.tasks import Advance, silent

RATE = 16_000  # Hz, at which conditions are simulated
LEAST, WANTED = 0.05, 0.02  # share of real clips called fake: at most, and as wanted
CLEAN = "as they are"
PAGES = "demonstration pages"

Condition = Callable[[NDArray[np.float32], np.random.Generator], NDArray[np.float32]]
Labels = list[tuple[Row, str]]


@dataclass(frozen=True)
class Alarms:
    """Verdicts on real clips by condition, and the clips that could not be read or were refused."""

    labels: Mapping[str, Labels]
    unread: int


def count_alarms(
    rows: Sequence[Row],
    detector: Detector,
    conditions: Mapping[str, Condition],
    advance: Advance = silent,
) -> Alarms:
    """Verdicts on real clips as they are and through each condition; what is random depends on clip and condition."""
    labels: dict[str, Labels] = {CLEAN: [], **{name: [] for name in conditions if name != "clean"}}
    unread = 0
    for done, row in enumerate(rows, start=1):
        try:
            audio = read_audio(row.path)
            for name, found in labels.items():
                heard = audio if name == CLEAN else degraded(audio, row.name, name, conditions[name])
                found.append((row, detect_audio(heard, detector).label))
        except AudioError:
            unread += 1
        advance("real speech", done, len(rows))
    return Alarms(labels, unread)


def degraded(audio: Audio, clip: str, name: str, condition: Condition) -> Audio:
    """The recording through a condition, the same every time."""
    rng = np.random.default_rng([zlib.crc32(clip.encode()), zlib.crc32(name.encode())])
    return as_audio(condition(audio.resampled(RATE).samples, rng), rate=RATE)


def alarm_report(
    corpus: str | Path,
    detector: Detector,
    conditions: Mapping[str, Condition],
    *,
    seen: bool = False,
    limit: int | None = None,
    advance: Advance = silent,
    command: str = "",
) -> Report:
    """The tables of false alarms. `limit` takes evenly spread clips; `seen` adds what the detector learned from."""
    rows = [row for row in read_corpus(corpus) if not row.fake]
    dev, known = [row for row in rows if row.split == "dev"], [row for row in rows if row.split == "train" and row.wide]
    if not dev:
        raise CorpusError(f"{corpus} has no real clips of dev")
    alarms = count_alarms(_spread(dev, limit), detector, conditions, advance)
    clean = alarms.labels[CLEAN]
    tables, figures = [], {}
    for title, groups in (
        ("Real speech by kind", {"all": clean, **_grouped(clean, kind_of)}),
        ("Real speech by language", _grouped(clean, lambda row: row.language or "not told")),
        ("All of it through simulated conditions", dict(alarms.labels)),
    ):
        table, figures[title] = _table(title, groups)
        tables.append(table)
    if seen:
        heard = count_alarms(_spread(known, limit), detector, {}, advance).labels[CLEAN]
        table, figures["seen"] = _table("Seen in training", _grouped(heard, kind_of))
        tables.append(table)
    about = {
        "Detector": f"{detector.name}, card {detector.card.sha256[:12]}",
        "Thresholds": f"fake above an LLR of {detector.calibration.fake_above:.3f}, real below "
        f"{detector.calibration.real_below:.3f}",
        "Asked": f"at most {100 * LEAST:.0f} % called fake, {100 * WANTED:.0f} % wanted",
        "Intervals": "95 %, bootstrap over speakers",
        "Unreadable": str(alarms.unread) if alarms.unread else "",
    }
    return Report(f"False alarms of {detector.name}", tables, figures, about, command)


def alarms_of(scored: Sequence[Scored]) -> tuple[Table, dict[str, Any]]:
    """The first table alone, from clips that were scored already."""
    labels = [(s.row, s.label) for s in scored if not s.row.fake and s.label]
    return _table("Real speech by kind", {"all": labels, **_grouped(labels, kind_of)} if labels else {})


def kind_of(row: Row) -> str:
    """The corpus of a page of real speech alone; what was published beside fakes is of one kind."""
    return row.page.removeprefix("wide-") if row.wide else PAGES


def _spread(rows: list[Row], limit: int | None) -> list[Row]:
    if limit is None or limit >= len(rows):
        return rows
    return [rows[place] for place in np.linspace(0, len(rows) - 1, limit).round().astype(int)]


def _grouped(labels: Labels, of: Callable[[Row], str]) -> dict[str, Labels]:
    groups: dict[str, Labels] = {}
    for row, label in labels:
        groups.setdefault(of(row), []).append((row, label))
    return dict(sorted(groups.items(), key=lambda pair: -len(pair[1])))


def _table(title: str, groups: Mapping[str, Labels]) -> tuple[Table, dict[str, Any]]:
    rows: list[list[object]] = []
    figures: dict[str, Any] = {}
    for name, labels in groups.items():
        count = Counter(label for _, label in labels)
        speakers = [cluster_of(Scored(row, 0.0)) for row, _ in labels]
        fake = mean_interval([float(label == "fake") for _, label in labels], speakers)
        unsure = count["uncertain"] / len(labels) if labels else None
        share = fake.value
        state = "as wanted" if share <= WANTED else "reached" if share <= LEAST else "**missed**" if labels else ""
        rows.append([name, len(labels), fake, unsure, state])
        figures[name] = {"clips": len(labels), "fake": fake, "uncertain": unsure}
    head = ["speech", "clips", "called fake", "uncertain", ""]
    return Table(title, head, rows, "Shares of real clips at the shipped thresholds."), figures
