"""The mel spectrogram in decibels, 128 bands, by librosa's default parameters: what the earlier systems looked at.

Windows of 2048 samples every 512, power, Slaney's bands (`librosa.feature.melspectrogram`, `librosa.power_to_db`,
version 0.11), taken at 16 kHz. The models of this project use `features.mel` in its place.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

from voxproof.features.mel import Floats, MelSpec, frames_of, hann, mel_filters

SPEC = MelSpec(n_fft=2048, hop=512, n_mels=128)
SPAN = 80.0  # dB under the loudest that are kept
_SMALLEST = 1e-10  # of power


def power_spectrogram(samples: Floats) -> Floats:
    """Squared magnitudes of samples at 16 kHz, `(1025, 1 + n // 512)`."""
    # SciPy's transform works in single precision, thrice as fast as NumPy's: a window of 30 s has 938 frames.
    spectrum: Any = rfft(frames_of(samples, SPEC.n_fft, SPEC.hop) * hann(SPEC.n_fft), axis=1)
    return np.asarray((spectrum.real**2 + spectrum.imag**2).T, np.float32)


def mel_power(power: Floats) -> Floats:
    """`(1025, frames) -> (128, frames)`."""
    bands: Floats = mel_filters(SPEC) @ power
    return bands


def decibels(power: NDArray[np.floating], reference: float = 1.0) -> Floats:
    """Ten times the logarithm of power over `reference`, and nothing more than 80 dB under the loudest."""
    level = 10 * np.log10(np.maximum(power, _SMALLEST)) - 10 * np.log10(max(reference, _SMALLEST))
    return np.asarray(np.maximum(level, level.max(initial=-np.inf) - SPAN), np.float32)


def mel_decibels(samples: Floats) -> Floats:
    """`(128, 1 + n // 512)` from -80 to 0 dB, the loudest band of the sound being 0."""
    bands = mel_power(power_spectrogram(samples))
    return decibels(bands, float(bands.max(initial=0.0)))
