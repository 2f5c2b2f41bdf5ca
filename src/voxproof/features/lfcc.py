"""Linear-frequency cepstral coefficients: what the ASVspoof baselines hear (Sahidullah et al., Interspeech 2015).

As in the LFCC-GMM and LFCC-LCNN baselines of ASVspoof 2019 and 2021 (arXiv:1911.01601, arXiv:2109.00537): 20 ms
Hamming windows every 10 ms, 512-point power spectrum, 20 triangles spaced evenly to 8 kHz, logarithm to base 10,
orthonormal DCT-II; then first and second differences over time. The cepstral mean is kept, as there.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

from voxproof.features.mel import Floats, frames_of

RATE = 16_000  # Hz
WINDOW = 320  # samples: 20 ms
HOP = 160  # samples: 100 frames a second
N_FFT = 512
COEFFICIENTS = 20  # and as many filters
VALUES = 3 * COEFFICIENTS
PRE_EMPHASIS = 0.97
_FLOOR = 1e-10  # of power, before the logarithm


@cache
def linear_filters(highest: float = RATE / 2) -> NDArray[np.float64]:
    """The triangles up to `highest` Hz, `(20, 257)`: peak 1, each from one neighbour's centre to the other's."""
    edges = np.linspace(0, highest, COEFFICIENTS + 2)[:, None]
    bins = np.linspace(0, RATE / 2, N_FFT // 2 + 1)[None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return np.maximum(0.0, np.minimum(rising, falling))


def static_lfcc(samples: Floats, highest: float = RATE / 2) -> NDArray[np.float64]:
    """The 20 coefficients of every frame, `(20, 1 + n // 160)`; frame i is centred on sample 160 i."""
    signal = np.asarray(samples, np.float64)
    emphasised = np.append(signal[:1], signal[1:] - PRE_EMPHASIS * signal[:-1])
    frames = frames_of(emphasised.astype(np.float32), WINDOW, HOP)
    power = np.abs(np.fft.rfft(frames * np.hamming(WINDOW), N_FFT, axis=1)) ** 2
    bands = np.log10(linear_filters(highest) @ power.T + _FLOOR)
    return np.asarray(dct(bands, type=2, axis=0, norm="ortho"), np.float64)


def difference(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half of the next frame less the one before, `(n, frames)`; the edges are repeated."""
    padded = np.pad(values, ((0, 0), (1, 1)), mode="edge")
    return (padded[:, 2:] - padded[:, :-2]) / 2


def lfcc(samples: Floats, highest: float = RATE / 2) -> Floats:
    """Coefficients, their differences and the differences of these: float32 `(60, 1 + n // 160)`.

    The samples are scaled to a peak of 1 first, so that the level says nothing. The baselines hear all up to 8 kHz.
    """
    static = static_lfcc(samples / (np.abs(samples).max(initial=0.0) + np.float32(1e-8)), highest)
    first = difference(static)
    return np.concatenate([static, first, difference(first)]).astype(np.float32)
