"""Bootstrap intervals over clusters: speakers, pages or generators are drawn anew, not single clips.

Clips of one speaker resemble each other, so drawing clips would make intervals too narrow. A resample draws as many
clusters as there are, with replacement, and an item counts as often as its cluster was drawn. Statistics take these
counts as weights `(resamples, items)` and answer all resamples at once.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Weights = NDArray[np.float64]
Statistic = Callable[[Weights], NDArray[np.float64]]

LEVEL = 0.95
RESAMPLES = 2000


@dataclass(frozen=True)
class Interval:
    """A figure and the bounds between which it lies with probability `level` (percentile bootstrap)."""

    value: float
    low: float
    high: float
    clusters: int
    level: float = LEVEL

    def __format__(self, spec: str) -> str:
        spec = spec or ".3f"
        if np.isnan(self.value):
            return "n/a"
        return f"{self.value:{spec}} [{self.low:{spec}}, {self.high:{spec}}]"

    def __str__(self) -> str:
        return format(self, "")

    def as_dict(self) -> dict[str, float | int | None]:
        """For JSON: a figure that could not be computed is null."""
        bounds = {"value": self.value, "low": self.low, "high": self.high}
        return {**{key: _plain(number) for key, number in bounds.items()}, "clusters": self.clusters}


def _plain(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def cluster_weights(
    clusters: Sequence[Hashable],
    resamples: int = RESAMPLES,
    seed: int = 0,
    strata: Sequence[Hashable] | None = None,
) -> Weights:
    """How often each item counts in each resample: `(resamples, items)`, whole numbers.

    `clusters` names the cluster of every item. The draw depends on the number of clusters and the seed alone, so two
    systems measured on the same speakers are resampled alike. `strata` names the stratum of every item: each draws as
    many of its clusters as it has, whatever the others draw, so that no resample lacks one of them.
    """
    items = len(clusters)
    drawn: Weights = np.zeros((resamples, items))
    layers: dict[Hashable, list[int]] = {}
    for place, layer in enumerate(strata if strata is not None else [None] * items):
        layers.setdefault(layer, []).append(place)
    rng = np.random.default_rng(seed)
    for members in layers.values():
        places: dict[Hashable, int] = {}
        index = np.array([places.setdefault(clusters[member], len(places)) for member in members], dtype=np.intp)
        counts = rng.multinomial(len(places), np.full(len(places), 1 / len(places)), size=resamples)
        drawn[:, members] = counts[:, index]
    return drawn


def bootstrap(
    statistic: Statistic,
    clusters: Sequence[Hashable],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
    strata: Sequence[Hashable] | None = None,
) -> Interval:
    """The statistic of all items once each, with its percentile interval over clusters, drawn within `strata` if given.

    `statistic` maps weights `(b, items)` to `(b,)`; resamples where it is NaN (no item of one class was drawn, say) are
    left out. With fewer than two clusters there is nothing to draw from and the bounds are NaN.
    """
    found = len(set(clusters if strata is None else zip(strata, clusters, strict=True)))
    value = float(statistic(np.ones((1, len(clusters))))[0]) if found else float("nan")
    if found < 2:
        return Interval(value, float("nan"), float("nan"), found, level)
    drawn = statistic(cluster_weights(clusters, resamples, seed, strata))
    drawn = drawn[np.isfinite(drawn)]
    if not drawn.size:
        return Interval(value, float("nan"), float("nan"), found, level)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high), found, level)


def ratio_interval(
    numerators: ArrayLike, denominators: ArrayLike, clusters: Sequence[Hashable], **options: Any
) -> Interval:
    """Sum over sum (edits over words, say) with its interval."""
    above, below = np.asarray(numerators, np.float64), np.asarray(denominators, np.float64)

    def ratio(weights: Weights) -> NDArray[np.float64]:
        return divide(np.asarray(weights @ above), np.asarray(weights @ below))

    return bootstrap(ratio, clusters, **options)


def mean_interval(values: ArrayLike, clusters: Sequence[Hashable], **options: Any) -> Interval:
    """The mean over items with its interval."""
    numbers = np.asarray(values, np.float64)
    return ratio_interval(numbers, np.ones_like(numbers), clusters, **options)


def divide(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """`above / below`, NaN where there is nothing to divide by."""
    quotient: NDArray[np.float64] = np.divide(
        above, below, out=np.full(np.shape(above), np.nan), where=np.asarray(below) != 0
    )
    return quotient
