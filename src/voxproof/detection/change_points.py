"""Where a series changes: the cuts with the least cost, found exactly.

Optimal partitioning (Jackson et al., arXiv:math/0309285) with pruning of starts that can never win again (PELT;
Killick, Fearnhead and Eckley, arXiv:1101.1438).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Cost = Callable[[NDArray[np.int64], int], NDArray[np.float64]]
"""Cost of the parts that begin at each of the starts and end before one place; cutting a part never costs more."""
_SMALLEST_VARIANCE = 1e-3


def best_cuts(cost: Cost, count: int, penalty: float, shortest: int = 1) -> list[int]:
    """Where to cut `count` values so that the cost of all parts plus `penalty` for each cut is least.

    Indices of the first values behind a cut. Parts have at least `shortest` values.
    """
    best = np.full(count + 1, np.inf)  # least cost of the first so many values
    best[0] = -penalty  # the first part needs no cut
    before = np.zeros(count + 1, np.int64)  # where the last part of that begins
    starts = np.zeros(1, np.int64)
    lost = np.full(1, count + 1)  # from which end on a start is out of the race
    for end in range(shortest, count + 1):
        if end >= 2 * shortest:
            starts, lost = np.append(starts, end - shortest), np.append(lost, count + 1)
        costs = best[starts] + cost(starts, end) + penalty
        choice = int(np.argmin(costs))
        best[end], before[end] = costs[choice], starts[choice]
        # What is worse now by the penalty is worse than a cut here, for all ends that leave room for a part behind it.
        lost = np.where(costs - penalty > best[end], np.minimum(lost, end + shortest), lost)
        starts, lost = starts[lost > end + 1], lost[lost > end + 1]
    cuts: list[int] = []
    end = count
    while before[end] > 0:
        end = int(before[end])
        cuts.append(end)
    return cuts[::-1]


def squared_error(values: NDArray[np.float64], weights: NDArray[np.float64]) -> Cost:
    """Weighted squared error around the mean of each part: for levels that jump."""
    weight = np.cumsum(np.pad(weights, (1, 0)))
    total = np.cumsum(np.pad(weights * values, (1, 0)))
    squares = np.cumsum(np.pad(weights * values**2, (1, 0)))

    def cost(starts: NDArray[np.int64], end: int) -> NDArray[np.float64]:
        part = total[end] - total[starts]
        return np.asarray(squares[end] - squares[starts] - part**2 / (weight[end] - weight[starts]))

    return cost


def gaussian(features: NDArray[np.float64], block: int) -> Cost:
    """Minus log-likelihood of each part under a normal law of its own, one variance a feature, constants left out.

    `features` is `(frames, features)`; places count blocks of so many frames. With a penalty this is the criterion that
    finds changes of speaker or channel (Chen and Gopalakrishnan, "Speaker, environment and channel change detection and
    clustering via the Bayesian information criterion", 1998).
    """
    total = np.cumsum(np.pad(features, ((1, 0), (0, 0))), axis=0)[::block]
    squares = np.cumsum(np.pad(features**2, ((1, 0), (0, 0))), axis=0)[::block]

    def cost(starts: NDArray[np.int64], end: int) -> NDArray[np.float64]:
        frames = ((end - starts) * block)[:, None]
        variance = (squares[end] - squares[starts]) / frames - ((total[end] - total[starts]) / frames) ** 2
        return np.asarray(0.5 * frames[:, 0] * np.log(variance + _SMALLEST_VARIANCE).sum(axis=1))

    return cost
