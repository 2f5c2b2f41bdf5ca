"""The constant-Q transform: every bin's window is as many periods long, so bins are spaced as notes are.

Schörkhuber and Klapuri, "Constant-Q transform toolbox for music processing", SMC 2010: the bins of the top octave are
correlated with the sound, the sound is resampled to half its rate, and the same filters find the octave below. The
parameters are those of `librosa.cqt` (0.11).
"""

from functools import lru_cache

import numpy as np
import soxr
from numpy.typing import NDArray

from voxproof.features.mel import Floats, frames_of

C1 = 440.0 * 2.0 ** (-45 / 12)  # Hz, 32.70
HOP = 512  # samples


@lru_cache(maxsize=128)
def _octave(lowest: float, bins: int) -> tuple[NDArray[np.complex64], Floats]:
    """Spectra `(bins, n_fft // 2 + 1)` of one octave's filters from `lowest` (in cycles a sample), and their lengths.

    The filters are Hann windows of sum 1 on a complex tone, in the middle of `n_fft` samples.
    """
    ratio = 2.0 ** (2 / bins)
    q = (ratio + 1) / (ratio - 1)
    cycles = lowest * 2.0 ** (np.arange(bins) / bins)
    lengths = q / cycles
    n_fft = int(2 ** np.ceil(np.log2(lengths.max())))
    filters = np.zeros((bins, n_fft), np.complex128)
    for row, (length, tone) in enumerate(zip(lengths, cycles, strict=True)):
        n = np.arange(-length // 2, length // 2)
        window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(len(n)) / len(n))
        start = (n_fft - len(n)) // 2
        filters[row, start : start + len(n)] = window / window.sum() * np.exp(2j * np.pi * tone * n)
    spectra = np.fft.fft(filters, axis=1)[:, : n_fft // 2 + 1] / n_fft
    return spectra.astype(np.complex64), lengths.astype(np.float32)


def constant_q(samples: Floats, rate: int = 16_000, *, lowest: float = C1, octaves: int = 7, bins: int = 36) -> Floats:
    """Magnitudes `(octaves * bins, 1 + n // 512)` from `lowest` Hz upwards, `bins` an octave."""
    top = lowest * 2.0 ** (octaves - 1) / rate
    spectra, lengths = _octave(top, bins)
    n_fft = 2 * (spectra.shape[1] - 1)
    found: list[Floats] = []
    sound, hop = np.asarray(samples, np.float32), HOP
    for octave in range(octaves):
        spectrum = np.fft.rfft(frames_of(sound, n_fft, hop), axis=1).astype(np.complex64)
        # A filter an octave lower is twice as long, and the answer grows with the root of the length.
        gain = np.sqrt(lengths * 2.0**octave)
        found.insert(0, np.abs(spectra @ spectrum.T) * gain[:, None])
        sound, hop = soxr.resample(sound, 2, 1, quality="HQ"), hop // 2
    frames = min(part.shape[1] for part in found)
    return np.concatenate([part[:, :frames] for part in found]).astype(np.float32)
