"""The texture of the excitation: what linear prediction leaves over, frame by frame (Makhoul 1975).

Human glottal pulses make a peaky residual; vocoders make it rounder or more regular.
"""

import numpy as np
from scipy import fft

from voxproof.features.mel import Floats

FRAME = 480  # samples: 30 ms
HOP = 160
ORDER = 18
BANDS = 12  # of the residual's spectrum, up to 6 kHz
_BINS = 15  # a band
_EDGE = ORDER + 2  # samples at both ends where the residual has no past or is windowed away
_QUIET = 0.02  # of the energy of the loudest frames


def excitation_texture(samples: Floats) -> Floats:
    """Means and deviations over sounding frames of the residual's peakiness, gain, spectrum and of the predictor."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP]
    energy = (frames**2).sum(1)
    kept = frames[energy > _QUIET * np.quantile(energy, 0.95)] * np.hamming(FRAME).astype(np.float32)
    if not len(kept):
        kept = frames * np.hamming(FRAME).astype(np.float32)
    power = np.abs(fft.rfft(kept, 1024, axis=1)) ** 2
    correlation = fft.irfft(power, axis=1)[:, : ORDER + 1].astype(np.float64)
    correlation[:, 0] = correlation[:, 0] * 1.0001 + 1e-9
    predictor = levinson(correlation)
    residual = kept.astype(np.float64)
    for lag in range(1, ORDER + 1):
        residual[:, lag:] += predictor[:, lag - 1 : lag] * kept[:, :-lag]
    middle = residual[:, _EDGE:-_EDGE]
    spread = middle.std(1, keepdims=True) + 1e-9
    normal = middle / spread
    spectra = np.abs(fft.rfft(normal, axis=1))[:, 1 : BANDS * _BINS + 1].reshape(len(kept), BANDS, _BINS)
    level = np.log(spectra.mean(2) + 1e-6)
    per_frame = np.concatenate(
        [
            np.log((normal**4).mean(1, keepdims=True) + 1e-6),
            (normal**3).mean(1, keepdims=True),
            np.abs(normal).max(1, keepdims=True),
            np.log(kept.std(1, keepdims=True) / spread + 1e-9),
            level,
            np.log(spectra + 1e-6).mean(2) - level,
            predictor[:, :8],
        ],
        axis=1,
    )
    return np.concatenate([per_frame.mean(0), per_frame.std(0)]).astype(np.float32)


def levinson(correlation: np.ndarray) -> np.ndarray:
    """Levinson and Durbin's recursion for many frames: `(n, order + 1)` autocorrelations -> `(n, order)` a_1 ... a_p.

    The prediction error is `x[t] + a_1 x[t-1] + ... + a_p x[t-p]`.
    """
    frames, count = correlation.shape
    order = count - 1
    filters = np.zeros((frames, order + 1))
    filters[:, 0] = 1.0
    error = correlation[:, 0].copy()
    for place in range(1, order + 1):
        reflection = -(filters[:, :place] * correlation[:, place:0:-1]).sum(1) / error
        update = filters[:, place - 1 :: -1][:, :place] if place > 1 else filters[:, :1]
        filters[:, 1 : place + 1] += reflection[:, None] * update
        error *= 1 - reflection**2
    return filters[:, 1:]
