"""One run of the protocol: a detector, or a table of anybody's scores, to a report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from voxproof.audio import Audio, read_audio
from voxproof.detection import Detector
from voxproof.errors import CorpusError
from voxproof.evaluation.detector_figures import CLUSTERS, Clusters
from voxproof.evaluation.detector_folds import check_folds
from voxproof.evaluation.detector_groups import (
    ALL,
    COUNTS,
    by_codec,
    by_family,
    by_gender,
    by_language,
    sets_of,
)
from voxproof.evaluation.detector_mending import told_reader
from voxproof.evaluation.detector_overlap import Overlap, check_disjoint
from voxproof.evaluation.detector_protocol import Row, read_corpus
from voxproof.evaluation.detector_scores import Scored, read_scores, score_corpus, write_scores
from voxproof.evaluation.detector_tables import (
    breakdown,
    duration_table,
    fold_tables,
    generator_tables,
    set_tables,
    verdict_table,
)
from voxproof.evaluation.report import Report, Table
from voxproof.evaluation.tasks import Advance, silent


@dataclass(frozen=True)
class Options:
    """How a run is done: resamples of the bootstrap, what it draws, and whether shared speakers and texts refuse it."""

    resamples: int = 1000
    clusters: Clusters = "generator-speaker"
    strict: bool = False
    command: str = ""


def evaluate_detector(
    corpus: str | Path,
    detector: Detector,
    options: Options = Options(),
    *,
    advance: Advance = silent,
    limit: int | None = None,
    keep: Path | None = None,
    read: Callable[[Path], Audio] = read_audio,
) -> Report:
    """Score the development split and report.

    `limit` takes evenly spread clips (for a look, not a figure); `keep` is a file that the scores are written to;
    `read` may mend clips (`detector_mending`).
    """
    rows = read_corpus(corpus)
    overlap = check_disjoint(rows, strict=options.strict)
    dev = [row for row in rows if row.split == "dev"]
    if limit is not None and limit < len(dev):
        dev = [dev[place] for place in np.linspace(0, len(dev) - 1, limit).round().astype(int)]
    scored, unread = score_corpus(dev, detector, advance, read=read)
    if keep is not None:
        write_scores(keep, scored)
    cost = speed(scored)
    about = {
        "Detector": f"{detector.name}, card {detector.card.sha256[:12]}",
        "Clips": told_reader(read),
        "Speed": f"{cost['rtf']:.4f} s of processor time a second of sound, reading and speech activity in; "
        f"{cost['detector_rtf']:.4f} s the detector alone",
        "Unreadable": str(len(unread)) if unread else "",
    }
    report = report_of(scored, rows, overlap, options, f"Detector {detector.name}", about)
    return Report(report.title, report.tables, {**report.figures, "speed": cost}, report.about, options.command)


def evaluate_scores(corpus: str | Path, table: Path, options: Options = Options()) -> Report:
    """Judge a table of scores by the same rules: development clips, or folds that leave one generator out."""
    rows = read_corpus(corpus)
    overlap = check_disjoint(rows, strict=options.strict)
    scored = read_scores(table, rows)
    if not scored:
        raise CorpusError(f"{table} scores no clip")
    about = {"Scores": table.name}
    if any(s.fold for s in scored):
        check_folds(scored, rows)
        tables, figures = fold_tables(scored, options.resamples)
        return Report(
            f"Scores {table.stem}", tables, {"folds": figures}, _about(overlap, options, about), options.command
        )
    astray = next((s for s in scored if s.row.split != "dev"), None)
    if astray is not None:
        raise CorpusError(f"{table} scores {astray.row.name}, a clip of training; only a table with folds may do that")
    missing = sum(row.split == "dev" for row in rows) - len(scored)
    about["Not scored"] = f"{missing} clips of dev" if missing else ""
    return report_of(scored, rows, overlap, options, f"Scores {table.stem}", about)


def report_of(
    scored: Sequence[Scored],
    rows: Sequence[Row],
    overlap: Overlap,
    options: Options,
    title: str,
    about: Mapping[str, str],
) -> Report:
    """All tables of scored development clips."""
    sets = sets_of(scored, rows)
    families = by_family(scored)
    named = {**sets, **{f"family {name}": members for name, members in families.items()}}
    both = {COUNTS: sets[COUNTS], ALL: sets[ALL]}
    tables, figures = set_tables(named, options.resamples, options.clusters)
    generators, figures["generators"] = generator_tables(sets[COUNTS], scored)
    durations, figures["durations"] = duration_table(both, options.resamples, options.clusters)
    by: dict[str, Any] = {}
    parts: list[Table] = []
    for what, groups in (("codec", by_codec(scored)), ("language", by_language(scored)), ("gender", by_gender(scored))):
        part, by[what] = breakdown(f"By {what}", groups, f"Fake and real clips of one {what}, all dev.")
        parts.append(part)
    verdicts, figures["verdicts"] = verdict_table(both)
    tables = [*tables, generators[0], durations, verdicts, *parts, generators[1]]
    figures |= {"by": by, "overlap": overlap.as_dict()}
    shown = [table for table in tables if table.rows]
    return Report(title, shown, figures, _about(overlap, options, about), options.command)


def _about(overlap: Overlap, options: Options, about: Mapping[str, str]) -> dict[str, str]:
    return {
        **about,
        "Intervals": f"95 %, bootstrap {CLUSTERS[options.clusters]}",
        "Splits": f"pages, recordings and novel generators are apart (checked); {overlap}",
    }


def speed(scored: Sequence[Scored]) -> dict[str, float]:
    """Processor seconds for a second of sound: `rtf` with reading and speech activity, `detector_rtf` without."""
    sound = sum(s.seconds for s in scored)
    if not sound:
        return {"rtf": float("nan"), "detector_rtf": float("nan"), "seconds": 0.0}
    return {
        "rtf": round(sum(s.cpu for s in scored) / sound, 5),
        "detector_rtf": round(sum(s.detector_cpu for s in scored) / sound, 5),
        "seconds": round(sound, 1),
    }
