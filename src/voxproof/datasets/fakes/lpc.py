"""Copies by linear prediction: an all-pole filter a frame, driven by pulses or noise.

Atal, Hanauer, "Speech analysis and synthesis by linear prediction of the speech wave", JASA 50 (1971); the filter by
the autocorrelation method, the predictor of Makhoul, "Linear prediction: a tutorial review", Proc. IEEE 63 (1975).
"""

from typing import Any

import numpy as np
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter

from voxproof.datasets.fakes.maker import RATE, Source, maker
from voxproof.features import f0
from voxproof.features.mel import Floats, frames_of, hann
from voxproof.features.voicing import without_blips
from voxproof.vocoders.source import pulse_train

HOP = 160  # samples, 10 ms
WINDOW = 480  # samples, 30 ms
PRE_EMPHASIS = 0.95
_LEAK = 0.98  # of a high-pass at 50 Hz
_RIDGE = 1e-4  # of the power, added at lag 0: -40 dB of white noise, so that the filter is stable
_BREATH = 0.15  # of noise beside the pulses, of the same power


def predictors(samples: Floats, order: int) -> tuple[np.ndarray, np.ndarray]:
    """Filters `(frames, order + 1)`, each beginning with 1, and the residual's root mean square `(frames,)`."""
    frames = frames_of(samples, WINDOW, HOP) * hann(WINDOW)
    power = np.abs(np.fft.rfft(frames.astype(np.float64), 2 * WINDOW, axis=1)) ** 2
    lags = np.fft.irfft(power, axis=1)[:, : order + 1]
    filters = np.zeros((len(frames), order + 1))
    filters[:, 0] = 1.0
    gains = np.zeros(len(frames))
    weight = float((hann(WINDOW) ** 2).sum())
    for i, r in enumerate(lags):
        if r[0] < 1e-9:
            continue
        column = r[:order].copy()
        column[0] *= 1 + _RIDGE
        filters[i, 1:] = -solve_toeplitz(column, r[1:])
        gains[i] = np.sqrt(max(float(r @ filters[i]), 0.0) / weight)
    return filters, gains


def speak(samples: Floats, order: int, pitch: Floats, seed: int, breath: float = _BREATH) -> Floats:
    """The copy, as long as the clip: `pitch` in Hz `(frames,)` every 10 ms, 0 where noise drives the filter."""
    sharp = np.asarray(lfilter([1.0, -PRE_EMPHASIS], [1.0], samples), np.float32)
    filters, gains = predictors(sharp, order)
    pulses = pulse_train(pitch, RATE, HOP)
    noise = np.random.default_rng(seed).standard_normal(len(pulses))
    out = np.zeros(len(pulses))
    state = np.zeros(order)
    for i in range(min(len(filters), len(pitch)) - 1):
        here = slice(i * HOP, (i + 1) * HOP)
        driven = noise[here] if pitch[i] <= 0 else np.sqrt(1 - breath**2) * pulses[here] + breath * noise[here]
        # The output's past, not the filter's inner state, is what the next frame's filter goes on from.
        start = lfilter_state(filters[i], state)
        out[here], _ = lfilter([gains[i]], filters[i], driven, zi=start)
        state = out[here][::-1][:order]
    made: Any = lfilter([1.0], [1.0, -PRE_EMPHASIS], out)
    made = lfilter([1.0, -1.0], [1.0, -_LEAK], made)  # what de-emphasis makes of a room's noise below speech
    return np.asarray(made, np.float32)


def lfilter_state(filter_: np.ndarray, past: np.ndarray) -> np.ndarray:
    """Inner state `(order,)` of an all-pole filter whose last outputs were `past`, newest first."""
    order = len(filter_) - 1
    state = np.zeros(order)
    for k in range(order):
        state[k] = -(filter_[k + 1 :] @ past[: order - k])
    return state


@maker("own-lpc", "vocoder", "linear prediction of order 18, pulses and noise", 1971, share=1.7)
def plain(source: Source, seed: int) -> Floats:
    """The vocoder of textbooks."""
    return speak(source.samples, 18, _pitch(source.samples), seed)


@maker("own-lpc-fine", "vocoder", "linear prediction of order 32, pulses with a third of noise", 1971, share=1.7)
def fine(source: Source, seed: int) -> Floats:
    """More poles, less buzz."""
    return speak(source.samples, 32, _pitch(source.samples), seed, breath=0.33)


@maker("own-lpc-whisper", "vocoder", "linear prediction of order 20, driven by noise alone", 1971, share=1.6)
def whisper(source: Source, seed: int) -> Floats:
    """Without a voice."""
    return speak(source.samples, 20, np.zeros(1 + len(source.samples) // HOP, np.float32), seed)


def _pitch(samples: Floats) -> Floats:
    return without_blips(f0(samples, RATE, HOP))
