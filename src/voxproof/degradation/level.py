"""How loud something is, against itself or against something else."""

import numpy as np
from numpy.typing import NDArray

from voxproof.degradation.kind import Floats


def power(samples: NDArray[np.floating]) -> float:
    """Mean of the squares; 0 of nothing."""
    return float(np.dot(samples, samples)) / max(len(samples), 1)


def gain_under(speech: NDArray[np.floating], other: NDArray[np.floating], decibels: float) -> float:
    """What brings `other` the given number of decibels under `speech`; 0 where either is silent."""
    below = power(other)
    return float(np.sqrt(power(speech) / below) * 10 ** (-decibels / 20)) if below > 0 else 0.0


def keep_level(before: Floats, after: NDArray[np.floating]) -> Floats:
    """`after` at the level of `before`."""
    return np.asarray(after * gain_under(before, after, 0.0), np.float32)
