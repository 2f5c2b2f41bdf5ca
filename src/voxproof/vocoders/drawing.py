"""Drawing the level of a sample from the distribution that an autoregressive network gave for it.

All random numbers of an utterance are drawn beforehand, so that the same seed gives the same samples. A temperature
under 1 narrows the distribution: less noise, and less life.
"""

import math
from typing import Protocol

import numpy as np

from voxproof.features.mel import Floats
from voxproof.features.sample_levels import lowest_log_scale

_EDGE = 1e-5  # of the uniform distribution: no sample falls farther than 11.5 scales from a component's mean


class Drawing(Protocol):
    """`draw(parameters, time)`: the level of the sample at `time` from its distribution."""

    def draw(self, parameters: Floats, time: int) -> int:
        """`parameters` `(outputs,)` as the network gives them."""


class LogisticsDrawing:
    """From a mixture of logistics (arXiv 1701.05517): a component by its weight, then a point of it."""

    def __init__(self, levels: int, mixtures: int, length: int, seed: int, temperature: float = 1.0) -> None:
        rng = np.random.default_rng(seed)
        self.mixtures = mixtures
        self.highest = levels - 1
        self.lowest = lowest_log_scale(levels)
        self._weights = rng.gumbel(size=(length, mixtures)).astype(np.float32)
        uniform = rng.uniform(_EDGE, 1.0 - _EDGE, length)
        self._logistic: list[float] = (temperature * (np.log(uniform) - np.log1p(-uniform))).tolist()

    def draw(self, parameters: Floats, time: int) -> int:
        """See `Drawing`."""
        component = int((parameters[: self.mixtures] + self._weights[time]).argmax())
        log_scale = max(float(parameters[2 * self.mixtures + component]), self.lowest)
        point = float(parameters[self.mixtures + component]) + math.exp(log_scale) * self._logistic[time]
        return round((min(max(point, -1.0), 1.0) + 1.0) / 2.0 * self.highest)


class CategoricalDrawing:
    """From a softmax over all levels."""

    def __init__(self, length: int, seed: int, temperature: float = 1.0) -> None:
        self.temperature = temperature
        self._uniform = np.random.default_rng(seed).random(length)

    def draw(self, parameters: Floats, time: int) -> int:
        """See `Drawing`."""
        logits = parameters.astype(np.float64) / self.temperature
        total = np.cumsum(np.exp(logits - logits.max()))
        return min(int(np.searchsorted(total, self._uniform[time] * total[-1], "right")), len(total) - 1)
