"""Chroma: the strength of the twelve pitch classes, as `librosa.feature.chroma_stft` makes it (0.11, defaults)."""

from functools import lru_cache

import numpy as np

from voxproof.features.mel import Floats
from voxproof.features.tuning import estimate_tuning, octaves

CLASSES = 12
_CENTRE, _WIDTH = 5.0, 2.0  # octaves: bins weigh less the farther they are from 5 octaves above A0
_SMALLEST = np.finfo(np.float32).tiny


@lru_cache(maxsize=128)
def chroma_filters(rate: int, n_fft: int, tuning: float) -> Floats:
    """How much each bin adds to each pitch class (C first): `(12, n_fft // 2 + 1)`."""
    place = CLASSES * octaves(np.arange(1, n_fft) * (rate / n_fft), tuning, CLASSES)
    place = np.concatenate([[place[0] - 1.5 * CLASSES], place])
    width = np.concatenate([np.maximum(np.diff(place), 1.0), [1.0]])
    half = CLASSES // 2
    distance = np.mod(place - np.arange(CLASSES)[:, None] + half, CLASSES) - half
    weights = np.exp(-0.5 * (2 * distance / width) ** 2)
    weights /= np.sqrt((weights**2).sum(0))
    weights *= np.exp(-0.5 * ((place / CLASSES - _CENTRE) / _WIDTH) ** 2)
    return np.ascontiguousarray(np.roll(weights, -3, axis=0)[:, : n_fft // 2 + 1], np.float32)


def chroma(power: Floats, rate: int = 16_000) -> Floats:
    """`(n_fft // 2 + 1, frames)` of power -> `(12, frames)`; the strongest class of a frame is 1."""
    tuning = estimate_tuning(power, rate, CLASSES)
    return strongest_one(chroma_filters(rate, 2 * (len(power) - 1), tuning) @ power)


def strongest_one(classes: Floats) -> Floats:
    """Each frame over its strongest class; silent frames stay zero."""
    strongest = classes.max(0)
    return np.asarray(classes / np.where(strongest < _SMALLEST, 1, strongest), np.float32)
