"""The one mel spectrogram that every model of the project shares.

Slaney's mel scale and area-normalised triangles (the scale of the Auditory Toolbox and of librosa's default), magnitude
(not power) spectrogram, natural logarithm with a floor. Frames are centred: frame i looks at sample i * hop.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_LINEAR_HZ_PER_MEL = 200.0 / 3.0
_LOG_START_HZ = 1000.0
_LOG_START_MEL = _LOG_START_HZ / _LINEAR_HZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27.0


@dataclass(frozen=True)
class MelSpec:
    """What a mel spectrogram is made with. Two models fit together only if their `MelSpec` is equal."""

    rate: int = 16_000  # Hz
    n_fft: int = 800  # samples, 50 ms: the Hann window's length too
    hop: int = 200  # samples, 12.5 ms: 80 frames a second
    n_mels: int = 80
    fmin: float = 0.0  # Hz
    fmax: float = 8_000.0  # Hz
    floor: float = 1e-5  # of magnitude, before the logarithm

    @property
    def n_bins(self) -> int:
        """Bins of the linear spectrogram under the mel."""
        return self.n_fft // 2 + 1

    @property
    def frame_rate(self) -> float:
        """Frames a second."""
        return self.rate / self.hop


MEL = MelSpec()


def hz_to_mel(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slaney's scale: linear to 1 kHz, logarithmic above."""
    above = _LOG_START_MEL + np.log(np.maximum(hz, 1e-9) / _LOG_START_HZ) / _LOG_STEP
    return np.where(hz < _LOG_START_HZ, hz / _LINEAR_HZ_PER_MEL, above)


def mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    """The inverse of `hz_to_mel`."""
    above = _LOG_START_HZ * np.exp(_LOG_STEP * (mel - _LOG_START_MEL))
    return np.where(mel < _LOG_START_MEL, mel * _LINEAR_HZ_PER_MEL, above)


@cache
def mel_filters(spec: MelSpec = MEL) -> Floats:
    """The triangles, `(n_mels, n_bins)`; each has area 1 over frequency in Hz / 2 (Slaney's normalisation)."""
    edges = mel_to_hz(np.linspace(hz_to_mel(np.array(spec.fmin)), hz_to_mel(np.array(spec.fmax)), spec.n_mels + 2))
    bins = np.linspace(0.0, spec.rate / 2, spec.n_bins)
    rising = (bins[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins[None]) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return (triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)


@cache
def hann(length: int) -> Floats:
    """The periodic Hann window."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)).astype(np.float32)


def frames_of(samples: Floats, n_fft: int, hop: int) -> Floats:
    """Centred frames, `(1 + n // hop, n_fft)`, as a view; the edges are padded with zeros."""
    padded = np.pad(np.asarray(samples, np.float32), n_fft // 2)
    return np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop]


def stft_magnitude(samples: Floats, n_fft: int = MEL.n_fft, hop: int = MEL.hop) -> Floats:
    """Magnitude of the short-time Fourier transform, `(n_fft // 2 + 1, 1 + n // hop)`, Hann window."""
    spectrum = np.fft.rfft(frames_of(samples, n_fft, hop) * hann(n_fft), axis=1)
    return np.abs(spectrum).astype(np.float32).T


def log_mel(samples: Floats, spec: MelSpec = MEL) -> Floats:
    """Natural logarithm of the mel spectrogram of samples at `spec.rate`: float32 `(n_mels, 1 + n // hop)`."""
    mel: Floats = mel_filters(spec) @ stft_magnitude(samples, spec.n_fft, spec.hop)
    return np.log(np.maximum(mel, spec.floor))
