"""Tonal centroids: where the twelve pitch classes pull on the circles of fifths, minor and major thirds.

Harte, Sandler and Gasser, "Detecting harmonic change in musical audio", AMCMM 2006, over chroma from a constant-Q
transform, as `librosa.feature.tonnetz` makes it (0.11, default parameters).
"""

import numpy as np
from numpy.typing import NDArray

from voxproof.features.chroma import CLASSES, strongest_one
from voxproof.features.constant_q import C1, constant_q
from voxproof.features.mel import Floats
from voxproof.features.tuning import estimate_tuning

CENTROIDS = 6
_BINS = 36  # an octave, three a pitch class
_OCTAVES = 7
_SMALLEST = np.finfo(np.float32).tiny


def constant_q_chroma(samples: Floats, magnitude: Floats, rate: int = 16_000) -> Floats:
    """`(12, frames)`, C first, strongest 1; `magnitude` is the spectrogram that tells the tuning."""
    tuning = estimate_tuning(magnitude, rate, _BINS)
    lowest = C1 * 2.0 ** (tuning / _BINS)
    bins = constant_q(samples, rate, lowest=lowest, octaves=_OCTAVES, bins=_BINS)
    # The bin below and the bin above a note count as the note.
    around = np.roll(bins.reshape(_OCTAVES, _BINS, -1).sum(0), _BINS // CLASSES // 2, axis=0)
    return strongest_one(around.reshape(CLASSES, _BINS // CLASSES, -1).sum(1))


def tonnetz(chroma: Floats) -> Floats:
    """`(12, frames) -> (6, frames)`: sine and cosine on the circles of fifths, minor thirds and major thirds."""
    turns: NDArray[np.float64] = np.array([7 / 6, 7 / 6, 3 / 2, 3 / 2, 2 / 3, 2 / 3])[:, None] * np.arange(CLASSES)
    turns[::2] -= 0.5
    circles = np.array([1, 1, 1, 1, 0.5, 0.5])[:, None] * np.cos(np.pi * turns)
    total = np.abs(chroma).sum(0)
    return np.asarray(circles @ (chroma / np.where(total < _SMALLEST, 1, total)), np.float32)
