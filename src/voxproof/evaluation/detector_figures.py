"""Figures of a set of scored clips, with intervals over those who made them.

Intervals are bootstrapped over clusters, since clips of one generator, or of one speaker, resemble each other: fakes
are drawn by generator and real clips by speaker, apart from each other, so that every resample holds both classes. That
answers what the figure would be for other generators and other people. Drawing whole pages instead keeps what fakes and
real clips of a page have in common (room, text, coding), but a page with five generators then counts as one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from voxproof.evaluation.bootstrap import Interval, bootstrap, mean_interval
from voxproof.evaluation.detection_metrics import Trials, detection_figures, eer
from voxproof.evaluation.detector_scores import Scored

Clusters = Literal["generator-speaker", "page"]

FEWEST = 2  # clips of a class under which a set gets no figure
CARRIED = 0.0  # LLR: the threshold that calibration on held-out pages of training carries over
CLUSTERS: Mapping[str, str] = {
    "generator-speaker": "over generators for fakes and speakers for real clips, drawn apart",
    "page": "over pages",
}


def figures_of(
    scored: Sequence[Scored], resamples: int = 1000, clusters: Clusters = "generator-speaker"
) -> dict[str, Interval] | None:
    """All metrics with intervals; None where a class has fewer than two clips."""
    if min(counted(scored)) < FEWEST:
        return None
    by_class = clusters == "generator-speaker"
    names = [cluster_of(s) if by_class else s.row.page for s in scored]
    return detection_figures(trials_of(scored), names, threshold=CARRIED, resamples=resamples, by_class=by_class)


def eer_of(scored: Sequence[Scored], resamples: int = 1000) -> Interval | None:
    """The EER alone with its interval over generators and speakers; None where a class has fewer than two clips."""
    if min(counted(scored)) < FEWEST:
        return None
    trials = trials_of(scored)
    names, strata = [cluster_of(s) for s in scored], trials.positive.tolist()
    return bootstrap(lambda weights: eer(trials, weights), names, resamples=resamples, strata=strata)


def cluster_of(scored: Scored) -> str:
    """Whom a clip comes from: its generator, or its speaker; a clip that tells neither is of its page."""
    row = scored.row
    return (row.generator if row.fake else row.speaker) or f"page {row.page}"


def trials_of(scored: Sequence[Scored]) -> Trials:
    """The scores with their classes."""
    return Trials(np.array([s.llr for s in scored], np.float64), np.array([s.row.fake for s in scored], bool))


def counted(scored: Sequence[Scored]) -> tuple[int, int]:
    """Fake and real clips."""
    fake = sum(s.row.fake for s in scored)
    return fake, len(scored) - fake


def plain_eer(scored: Sequence[Scored]) -> float | None:
    """The EER alone, for a row of a long table; None where a class has fewer than two clips."""
    return None if min(counted(scored)) < FEWEST else float(eer(trials_of(scored))[0])


def mean_eer(groups: Mapping[str, Sequence[Scored]]) -> Interval:
    """Mean of the EERs of groups, each counting once; the interval is over the groups."""
    found = {name: value for name, members in groups.items() if (value := plain_eer(members)) is not None}
    return mean_interval(list(found.values()), list(found))


def worst_eer(groups: Mapping[str, Sequence[Scored]]) -> tuple[str, float] | None:
    """The group with the greatest EER, and that."""
    found = {name: value for name, members in groups.items() if (value := plain_eer(members)) is not None}
    return max(found.items(), key=lambda pair: pair[1], default=None)


def shortened(scored: Sequence[Scored], seconds: float) -> list[Scored]:
    """The same clips with the scores of their first seconds of speech, where these are known."""
    return [replace(s, llr=s.shorter[seconds]) for s in scored if seconds in s.shorter]
