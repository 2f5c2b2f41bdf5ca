"""The short-time transforms that traces are read from, and their levels in bands."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from voxproof.features.mel import Floats
from voxproof.features.texture import RATE, Resolution
from voxproof.features.texture.plane import HIGHEST, spectrum

WHOLE = Resolution(512, 160, 24)  # 32 ms: partials of most voices are parted
QUICK = Resolution(128, 64, 16)  # 8 ms: single pulses of the voice
FLOOR = 1e-5  # of magnitude, for a peak of 1 in the samples

Doubles = NDArray[np.float64]
Complexes = NDArray[np.complex64]


@cache
def triangles(bins: int, bands: int) -> Floats:
    """Overlapping triangles of equal width from 0 Hz to the last bin: `(bins, bands)`, peak 1."""
    edges = np.linspace(0, bins - 1, bands + 2)[None]
    place = np.arange(bins)[:, None]
    rising = (place - edges[:, :-2]) / (edges[:, 1:-1] - edges[:, :-2])
    falling = (edges[:, 2:] - place) / (edges[:, 2:] - edges[:, 1:-1])
    return np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)


def transform(samples: Floats, resolution: Resolution) -> Complexes:
    """Complex64 `(frames, bins)` up to 7.2 kHz of samples at 16 kHz."""
    spectra: Complexes = spectrum(samples, resolution).astype(np.complex64)
    return spectra


def band_levels(spectra: Complexes, resolution: Resolution) -> Doubles:
    """Log magnitude in the resolution's bands, `(frames, bands)`."""
    levels: Doubles = np.log(np.abs(spectra) @ triangles(spectra.shape[1], resolution.bands) + FLOOR).astype(np.float64)
    return levels


__all__ = ["HIGHEST", "QUICK", "RATE", "WHOLE", "band_levels", "transform", "triangles"]
