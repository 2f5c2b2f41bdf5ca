"""Spectral contrast: how far peaks stand above valleys in seven bands, as `librosa.feature.spectral_contrast` (0.11).

Jiang et al., "Music type classification by spectral contrast feature", ICME 2002.
"""

from itertools import pairwise

import numpy as np

from voxproof.features.mel import Floats
from voxproof.features.mel_db import decibels

BANDS = 7
LOWEST = 200.0  # Hz: where the first band ends; the others are octaves above it
_SHARE = 0.02  # of a band's bins that count as its peak, and as its valley


def spectral_contrast(magnitude: Floats, rate: int = 16_000) -> Floats:
    """`(n_fft // 2 + 1, frames)` of magnitude -> `(7, frames)` in dB."""
    hz = np.linspace(0, rate / 2, len(magnitude))
    edges = np.concatenate([[0.0], LOWEST * 2.0 ** np.arange(BANDS)])
    peaks, valleys = [], []
    for band, (low, high) in enumerate(pairwise(edges)):
        places = np.flatnonzero((hz >= low) & (hz <= high))
        first, last = places[0] - (band > 0), places[-1] + 1
        if band == BANDS - 1:
            last = len(hz)
        count = max(1, int(np.rint(_SHARE * (last - first))))
        # All bands but the last leave their upper edge to the next one.
        ordered = np.sort(magnitude[first : last - (band < BANDS - 1)], axis=0)
        valleys.append(ordered[:count].mean(0))
        peaks.append(ordered[-count:].mean(0))
    return decibels(np.stack(peaks)) - decibels(np.stack(valleys))
