"""What linear prediction leaves over: the excitation of a voice, where vocoders differ from throats.

Autocorrelation method, order 20, frames of 25 ms (Makhoul, "Linear prediction: a tutorial review", 1975).
"""

import numpy as np
from scipy import fft

from voxproof.features.mel import Floats, frames_of, hann
from voxproof.features.traces.planes import HIGHEST, RATE, Doubles
from voxproof.features.traces.pooling import sextet

ORDER = 20
BANDS = 9  # of 800 Hz
_FRAME, _HOP = 400, 200  # samples
_SIZE = 512  # of the transform, more than a frame and its prediction
_QUIETEST = 1e-5  # of a frame's energy, for a peak of 1: there is nothing to predict below
_WHITENING = 1e-4  # of the energy, added so that prediction stays tame
_FEWEST = 4  # frames
MEASURES = 5 + BANDS + ORDER  # a frame


def levinson(autocorrelation: Doubles) -> Doubles:
    """Predictors of many frames at once: `(frames, order + 1) -> (frames, order)` (Levinson and Durbin)."""
    frames, order = autocorrelation.shape[0], autocorrelation.shape[1] - 1
    predictor = np.zeros((frames, order))
    error = autocorrelation[:, 0].copy()
    for i in range(order):
        seen = (predictor[:, :i] * autocorrelation[:, i:0:-1]).sum(1)
        reflection = (autocorrelation[:, i + 1] - seen) / error
        before = predictor[:, :i].copy()
        predictor[:, :i] = before - reflection[:, None] * before[:, ::-1]
        predictor[:, i] = reflection
        error = error * (1 - reflection**2)
    return predictor


def residual(samples: Floats) -> Doubles:
    """Statistics of prediction gain, peakiness, skewness, flatness, bands and predictors: `(6 * 34,)`.

    Zeros where nothing is loud enough.
    """
    frames = frames_of(np.asarray(samples, np.float32), _FRAME, _HOP) * hann(_FRAME)
    frames = frames[np.square(frames).sum(1) > _QUIETEST]
    if len(frames) < _FEWEST:
        return np.zeros(6 * MEASURES)
    spectra = fft.rfft(frames, _SIZE, axis=1)
    own = fft.irfft(np.square(np.abs(spectra)), axis=1)[:, : ORDER + 1].astype(np.float64)
    own[:, 0] *= 1 + _WHITENING
    predictor = levinson(own)
    filters = np.concatenate([np.ones((len(frames), 1)), -predictor], axis=1).astype(np.float32)
    excitation = spectra * fft.rfft(filters, _SIZE, axis=1)
    left = fft.irfft(excitation, axis=1)[:, : _FRAME + ORDER]
    power = np.square(np.abs(excitation))[:, : int(HIGHEST / RATE * _SIZE) + 1] + 1e-12
    level = np.sqrt(np.square(left).mean(1)) + 1e-9
    scaled = left / level[:, None]
    squared = np.square(scaled)
    edges = np.linspace(0, power.shape[1], BANDS + 1).astype(int)
    bands = np.add.reduceat(power, edges[:-1], axis=1) / np.diff(edges)
    measured = [
        np.log(level / (np.sqrt(np.square(frames).mean(1)) + 1e-9)),
        np.log(np.square(squared).mean(1)),
        (squared * scaled).mean(1),
        np.exp(np.log(power).mean(1)) / power.mean(1),
        np.abs(scaled).max(1),
    ]
    shape = np.log(bands / power.mean(1, keepdims=True))
    return sextet(np.concatenate([np.stack(measured, axis=1), shape, predictor], axis=1))
