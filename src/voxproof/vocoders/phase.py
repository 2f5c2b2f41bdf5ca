"""From a magnitude spectrogram and a first guess of its phase to a waveform.

Fast Griffin-Lim (Perraudin, Balazs, Sondergaard, 2013): the spectrogram is projected in turn onto those that some
waveform has and those that have the wanted magnitude, with momentum.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from voxproof.features.mel import MEL, Floats, MelSpec, frames_of, hann

Complex = NDArray[np.complex64]
MOMENTUM = 0.99


def forward(samples: Floats, spec: MelSpec = MEL) -> Complex:
    """Short-time Fourier transform, complex64 `(frames, n_bins)`; frames are centred."""
    transform: Complex = fft.rfft(frames_of(samples, spec.n_fft, spec.hop) * hann(spec.n_fft), axis=1)
    return transform


def inverse(transform: Complex, spec: MelSpec = MEL) -> Floats:
    """The waveform whose transform is nearest: `((frames - 1) * hop,)`. Needs `n_fft` to be a multiple of `hop`."""
    n_fft, hop = spec.n_fft, spec.hop
    window = hann(n_fft)
    frames = fft.irfft(transform, n_fft, axis=1) * window
    count, parts = len(frames), n_fft // hop
    total = np.zeros((count + parts - 1, hop), np.float32)
    weight = np.zeros((count + parts - 1, hop), np.float32)
    squared = (window**2).reshape(parts, hop)
    pieces = frames.reshape(count, parts, hop)
    for k in range(parts):
        total[k : k + count] += pieces[:, k]
        weight[k : k + count] += squared[k]
    whole = (total / np.maximum(weight, 1e-3)).ravel()
    return whole[n_fft // 2 : n_fft // 2 + (count - 1) * hop].astype(np.float32)


def project(magnitude: Floats, guess: Complex, iterations: int, spec: MelSpec = MEL) -> Floats:
    """Waveform `((frames - 1) * hop,)` of magnitude `(frames, n_bins)`, beginning with the guess's phase."""
    estimate = magnitude * _phase(guess)
    before: Complex | None = None
    for _ in range(iterations):
        consistent = forward(inverse(estimate, spec), spec)
        moved = consistent if before is None else consistent + np.float32(MOMENTUM) * (consistent - before)
        before = consistent
        estimate = magnitude * _phase(moved)
    return inverse(estimate, spec)


def _phase(transform: Complex) -> Complex:
    """Each bin at magnitude 1. A product of real numbers: NumPy would divide by them as if they were complex."""
    unit = np.ascontiguousarray(transform, np.complex64).view(np.float32).reshape(*transform.shape, 2)
    unit = unit * np.reciprocal(np.maximum(np.abs(transform), np.float32(1e-8)))[..., None]
    return np.asarray(unit.view(np.complex64)[..., 0])
