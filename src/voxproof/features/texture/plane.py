"""The texture of the time-frequency plane at one resolution: levels and phases of neighbouring points.

Level differences along time and frequency tell how smooth a spectrogram is (mel spectrograms and their inverses smear
partials); spectral flatness within a band tells tone from noise. Of phase, which has no meaning at a single point,
second differences are taken: along time (change of the instantaneous frequency), along frequency (change of the group
delay) and across both. Their cosine is 1 where phase goes on as in a steady tone or a single click, and 0 on average
where it is random. Everything above 7.2 kHz stays out: there lies the last resampling filter (see
`features.spectrogram`).
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from voxproof.features.mel import Floats, hann

RATE = 16_000  # Hz
HIGHEST = 7_200.0  # Hz
FLOOR = 1e-5  # of magnitude, for a peak of 1 in the samples
SOUNDING = 0.1  # of the level of the loudest frames (their 95th percentile): quieter frames are pauses
_FEWEST = 8  # frames; with fewer that sound, all are taken
_TINY = np.float32(1e-12)
COUNT = 8  # measures


@dataclass(frozen=True)
class Resolution:
    """One short-time transform and the number of equal bands that its bins are averaged in."""

    n_fft: int  # samples; the Hann window's length too
    hop: int  # samples
    bands: int

    @property
    def bins(self) -> int:
        """Bins that are heard, from 0 Hz on."""
        return int(HIGHEST / RATE * self.n_fft) + 1


# 64 ms part the partials of a voice, 8 ms its pulses; 25 ms is what recognisers and synthesizers work with.
RESOLUTIONS = (Resolution(1024, 256, 40), Resolution(400, 160, 40), Resolution(128, 64, 28))


@cache
def band_means(bins: int, bands: int) -> Floats:
    """Matrix `(bins, bands)` that averages bins within equal bands, without the bin at 0 Hz."""
    edges = np.unique(np.round(np.linspace(1, bins, bands + 1)).astype(int))
    matrix = np.zeros((bins, len(edges) - 1), np.float32)
    for band, (low, high) in enumerate(pairwise(edges)):
        matrix[low:high, band] = 1.0 / (high - low)
    return matrix


def spectrum(samples: Floats, resolution: Resolution) -> NDArray[np.complex64]:
    """Complex64 `(frames, bins)`; frames are centred, the edges padded with zeros."""
    padded = np.pad(samples, resolution.n_fft // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, resolution.n_fft)[:: resolution.hop]
    return np.asarray(fft.rfft(frames * hann(resolution.n_fft), axis=1)[:, : resolution.bins])


def sounding(magnitude: Floats) -> NDArray[np.bool_]:
    """Which frames `(frames,)` are not pauses."""
    level = magnitude.sum(1)
    loud = level > SOUNDING * np.quantile(level, 0.95)
    return loud if loud.sum() >= _FEWEST else np.ones(len(level), bool)


def measures(
    spectra: NDArray[np.complex64], magnitude: Floats, loud: NDArray[np.bool_], resolution: Resolution
) -> Floats:
    """All measures in all bands, float32 `(frames, 8 * bands)`; frames at the edges repeat their neighbours' steps.

    In this order: level over the mean of the sounding frames, flatness, the steps of level along time and along
    frequency, the change of the step along time, and the three cosines of phase (along time, frequency, both).
    """
    magnitude = np.maximum(magnitude, _TINY)
    level = np.log(magnitude + FLOOR)
    bands = band_means(resolution.bins, resolution.bands)
    unit = spectra / magnitude
    along = unit[:, 1:] * unit[:, :-1].conj()  # phase steps from bin to bin
    onward = unit[1:] * unit[:-1].conj()  # phase steps from frame to frame
    banded = level @ bands
    parts = [
        banded - banded[loud].mean(),
        banded - np.log(magnitude @ bands + FLOOR),  # spectral flatness, a logarithm
        _filled(np.abs(np.diff(level, axis=0)) @ bands, 1, 0),
        np.abs(np.diff(level, axis=1)) @ bands[1:],
        _filled(np.abs(np.diff(level, 2, axis=0)) @ bands, 1, 1),
        _filled((onward[1:] * onward[:-1].conj()).real @ bands, 2, 0),
        (along[:, 1:] * along[:, :-1].conj()).real @ bands[1:-1],
        _filled((along[1:] * along[:-1].conj()).real @ bands[1:], 1, 0),
    ]
    return np.asarray(np.concatenate(parts, axis=1), np.float32)


def _filled(values: Floats, before: int, after: int) -> Floats:
    return np.pad(values, ((before, after), (0, 0)), mode="edge")
