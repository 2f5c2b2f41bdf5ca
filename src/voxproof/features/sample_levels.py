"""Samples as whole levels, which a network can give a probability each: evenly spaced, or by the mu law.

Level 0 is the lowest sample and `levels - 1` the highest. Even levels are those of 16-bit sound; the mu law spends its
few levels where samples are small, as ears do (arXiv 1609.03499 takes 256). It is the formula without G.711's segments.
"""

import numpy as np
from numpy.typing import NDArray

from voxproof.features.mel import Floats

Levels = NDArray[np.int64]
EVEN_LEVELS = 65_536  # of 16-bit sound
MU_LAW_LEVELS = 256


def even_encode(samples: Floats, levels: int = EVEN_LEVELS) -> Levels:
    """The nearest of `levels` evenly spaced levels for samples in [-1, 1] (those beyond are clipped), int64."""
    unit = (np.clip(np.asarray(samples, np.float64), -1.0, 1.0) + 1.0) / 2.0
    return np.rint(unit * (levels - 1)).astype(np.int64)


def even_decode(encoded: Levels, levels: int = EVEN_LEVELS) -> Floats:
    """The inverse of `even_encode`: samples in [-1, 1], float32."""
    return (2.0 * np.asarray(encoded, np.float64) / (levels - 1) - 1.0).astype(np.float32)


def mu_law_encode(samples: Floats, levels: int = MU_LAW_LEVELS) -> Levels:
    """The level of each sample in [-1, 1] after companding with mu = `levels - 1`, int64."""
    clipped = np.clip(np.asarray(samples, np.float64), -1.0, 1.0)
    mu = levels - 1
    companded = np.sign(clipped) * np.log1p(mu * np.abs(clipped)) / np.log1p(mu)
    return np.asarray(np.rint((companded + 1.0) / 2.0 * mu), np.int64)


def mu_law_decode(encoded: Levels, levels: int = MU_LAW_LEVELS) -> Floats:
    """The inverse of `mu_law_encode`: samples in [-1, 1], float32."""
    mu = levels - 1
    companded = 2.0 * np.asarray(encoded, np.float64) / mu - 1.0
    return np.asarray(np.sign(companded) * np.expm1(np.abs(companded) * np.log1p(mu)) / mu, np.float32)


def lowest_log_scale(levels: int = EVEN_LEVELS) -> float:
    """Where the log scale of a logistic over `levels` on [-1, 1] stops: almost all of its weight is on one level."""
    return float(-np.log(levels - 1) - 1.5)
