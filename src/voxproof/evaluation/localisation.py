"""How well a detector finds the made part of a spliced recording: distance to the true boundaries, and in time.

For each true boundary the distance to the nearest one found (a recording in which none is found counts as missed: its
distance is infinite), and the share within 0.25 s; the share of time whose label, by the sign of its part's ratio, is
right; and boundaries found in recordings that have none. Intervals are bootstrapped over pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voxproof.audio import read_audio
from voxproof.detection import Detector
from voxproof.detection.localise import Segment, localise
from voxproof.errors import AudioError
from voxproof.evaluation.bootstrap import Interval, mean_interval, ratio_interval
from voxproof.evaluation.report import Report, Table
from voxproof.evaluation.splices import RATE, Splice, SpliceRow, build_splices
from voxproof.evaluation.tasks import Advance, silent

NEAR = 0.25  # seconds
_STEP = 0.05  # seconds between the moments whose labels are compared


@dataclass(frozen=True)
class Located:
    """What was found in one recording."""

    splice: Splice
    errors: tuple[float, ...]  # seconds to the nearest boundary found, infinite if there is none
    found: int  # boundaries
    right: float  # share of time with the right label

    @property
    def kinds(self) -> tuple[str, ...]:
        """The rows of the table in which a splice counts."""
        parts = "two parts" if len(self.splice.boundaries) == 1 else "three parts"
        return (parts, "all splices", *(("one speaker",) if self.splice.one_speaker else ()))


def compare(splice: Splice, segments: Sequence[Segment]) -> Located:
    """Errors of found segments against the truth of a splice."""
    found = np.array([segment.end for segment in segments[:-1]])
    errors = tuple(float(np.abs(found - true).min()) if len(found) else np.inf for true in splice.boundaries)
    moments = np.arange(_STEP / 2, splice.audio.duration, _STEP)
    truth = np.array(splice.fake)[np.searchsorted(splice.boundaries, moments)]
    ratios = np.array([segment.llr for segment in segments] or [0.0])
    said = ratios[np.searchsorted(found, moments)] > 0
    return Located(splice, errors, len(found), float((said == truth).mean()))


def unspliced(rows: Sequence[SpliceRow], count: int, seed: int = 0) -> list[Splice]:
    """Whole clips of both classes, of which nothing is to be found."""
    rng = np.random.default_rng(seed)
    clips: list[Splice] = []
    for place in rng.permutation(len(rows)):
        if len(clips) == count:
            break
        try:
            clips.append(Splice(read_audio(rows[place].path, rate=RATE), (), (rows[place].fake,), rows[place].page))
        except AudioError:
            continue
    return clips


def measure_localisation(
    detector: Detector,
    rows: Sequence[SpliceRow],
    *,
    splices: int = 200,
    seed: int = 0,
    resamples: int = 1000,
    command: str = "",
    advance: Advance = silent,
) -> Report:
    """Splice clips of `rows` page by page, localise, and report; half as many clips are left whole.

    The rows are those that judge: neither the detector nor this measure's constants may have been chosen on them.
    """
    clips = build_splices(rows, splices, seed=seed) + unspliced(rows, splices // 2, seed)
    located = []
    for done, clip in enumerate(clips, 1):
        located.append(compare(clip, localise(clip.audio, detector)))
        advance("localising", done, len(clips))
    figures = {}
    table: list[list[object]] = []
    spliced = [one for one in located if one.splice.boundaries]
    for kind in ("two parts", "three parts", "one speaker", "all splices"):
        members = [one for one in spliced if kind in one.kinds]
        if members:
            figures[kind] = found = figures_of(members, resamples)
            table.append([kind, len(members), *found.values()])
    whole = [one for one in located if not one.splice.boundaries]
    seconds = [one.splice.audio.duration for one in whole]
    false_alarms = ratio_interval(
        [60 * one.found for one in whole], seconds, [one.splice.page for one in whole], resamples=resamples
    )
    note = (
        f"Error: seconds from a true boundary to the nearest one found, none found counts as infinite. In {len(whole)} "
        f"recordings without a splice {false_alarms:.1f} boundaries a minute were found."
    )
    columns = ["recordings", "number", "median error, s", f"within {NEAR} s", "missed", "time labelled right"]
    return Report(
        f"Localisation by {detector.name}",
        [Table("Splices of real and fake speech", columns, table, note)],
        {**figures, "false boundaries a minute": false_alarms},
        {"Intervals": "95 %, bootstrap over pages", "Detector": f"{detector.name}, card {detector.card.sha256[:12]}"},
        command,
    )


def figures_of(located: Sequence[Located], resamples: int = 1000) -> dict[str, float | Interval]:
    """The median error, the shares within reach and missed (of boundaries), and the share of time that is right."""
    errors = np.array([error for one in located for error in one.errors])
    pages = [one.splice.page for one in located for _ in one.errors]
    return {
        "median error": float(np.median(errors)),
        "near": mean_interval(errors <= NEAR, pages, resamples=resamples),
        "missed": mean_interval(~np.isfinite(errors), pages, resamples=resamples),
        "right": mean_interval(
            [one.right for one in located], [one.splice.page for one in located], resamples=resamples
        ),
    }
