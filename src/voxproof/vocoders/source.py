"""The excitation of a source-filter vocoder: band-limited pulses at f0, noise where there is no voice."""

import numpy as np
from numpy.typing import NDArray

from voxproof.features.mel import MEL, Floats, frames_of, hann

_TAPS = 16  # of the windowed sinc that places a pulse between samples
PULSE_FLOOR = 1e-2  # of magnitude, before the logarithm


def continuous_f0(f0: Floats) -> Floats:
    """Pitch with its unvoiced gaps filled by straight lines in log frequency; 120 Hz if nothing is voiced."""
    voiced = np.flatnonzero(f0 > 0)
    if len(voiced) == 0:
        return np.full(len(f0), 120.0, np.float32)
    return np.exp(np.interp(np.arange(len(f0)), voiced, np.log(f0[voiced]))).astype(np.float32)


def pulse_train(f0: Floats, rate: int = MEL.rate, hop: int = MEL.hop) -> Floats:
    """Unit pulses at the pitch, float32 `((frames - 1) * hop,)`; nothing where f0 is 0.

    Each pulse is a windowed sinc at its exact place, scaled by the root of its period so that loudness does not move
    with pitch.
    """
    n = max(len(f0) - 1, 0) * hop
    out = np.zeros(n + 2 * _TAPS, np.float32)
    if n == 0 or not np.any(f0 > 0):
        return out[:n]
    at = np.arange(n) / hop
    hertz = np.interp(at, np.arange(len(f0)), continuous_f0(f0))
    phase = np.cumsum(hertz / rate)
    voiced = f0[np.minimum((at + 0.5).astype(np.int64), len(f0) - 1)] > 0
    turn = np.flatnonzero((np.floor(phase[1:]) > np.floor(phase[:-1])) & voiced[1:]) + 1
    step = hertz[turn] / rate
    offset = (phase[turn] - np.floor(phase[turn])) / step  # samples since the pulse
    tap = np.arange(-_TAPS // 2 + 1, _TAPS // 2 + 1)
    distance = tap[None] + offset[:, None]
    window = 0.5 + 0.5 * np.cos(np.pi * np.clip(distance / (_TAPS / 2), -1, 1))
    value = np.sinc(distance) * window / np.sqrt(step)[:, None]
    np.add.at(out, (turn[:, None] + tap[None] + _TAPS).ravel(), value.ravel().astype(np.float32))
    return out[_TAPS : _TAPS + n]


def spectrum(samples: Floats) -> NDArray[np.complex64]:
    """Short-time Fourier transform on the project's grid, complex64 `(frames, n_bins)`."""
    frames = frames_of(samples, MEL.n_fft, MEL.hop) * hann(MEL.n_fft)
    return np.fft.rfft(frames, axis=1).astype(np.complex64)


def log_pulses(transform: NDArray[np.complex64]) -> Floats:
    """What the network is given of the pulse train's spectrum: log magnitude, floored, `(frames, n_bins)`."""
    return np.log(np.maximum(np.abs(transform), PULSE_FLOOR)).astype(np.float32)
