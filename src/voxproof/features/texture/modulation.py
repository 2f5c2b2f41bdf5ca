"""The modulation spectrum: how fast the envelopes of bands move, from 4 to 125 Hz (cf. arXiv:1910.11400's use of it).

Vocoders that work in frames leave periods of their hop in envelopes, and models that predict means smooth fast changes.
"""

from functools import cache

import numpy as np
from scipy import fft

from voxproof.features.mel import Floats, hann
from voxproof.features.texture.plane import Resolution, band_means, spectrum

ENVELOPES = Resolution(256, 64, 24)  # 250 envelope values a second
BLOCK = 256  # envelope values: about 1 s
STEP = 128
RATES = 16  # bands of modulation frequency, evenly on a logarithmic scale
_FLOOR = 1e-3


@cache
def _edges() -> tuple[int, ...]:
    return tuple(np.unique(np.round(np.geomspace(1, BLOCK // 2, RATES + 1)).astype(int)).tolist())


def modulation_texture(samples: Floats) -> Floats:
    """Logarithm of modulation energy by rate and band, relative to the whole; float32 vector."""
    bands = band_means(ENVELOPES.bins, ENVELOPES.bands)
    envelopes = np.log(np.abs(spectrum(samples, ENVELOPES)) @ bands + 1e-4)
    envelopes -= envelopes.mean(0)
    if len(envelopes) < BLOCK:
        envelopes = np.resize(envelopes, (BLOCK, envelopes.shape[1]))
    starts = range(0, len(envelopes) - BLOCK + 1, STEP)
    power = np.zeros((BLOCK // 2 + 1, envelopes.shape[1]), np.float32)
    for start in starts:
        block = envelopes[start : start + BLOCK] * hann(BLOCK)[:, None]
        power += np.abs(fft.rfft(block, axis=0)) ** 2 / len(starts)
    energy = np.add.reduceat(power[: BLOCK // 2 + 1], _edges()[:-1], axis=0)
    return np.asarray(np.log(energy + _FLOOR) - np.log(energy.sum(0).mean() + _FLOOR), np.float32).ravel()
