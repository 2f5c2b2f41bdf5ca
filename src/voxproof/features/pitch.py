"""Fundamental frequency by autocorrelation and a path through its candidates.

After Boersma, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a sampled
sound" (1993): the autocorrelation of a windowed frame is divided by that of the window, its peaks are the candidates of
the frame beside "unvoiced", and the cheapest path over all frames (dynamic programming) is the pitch.
"""

import numpy as np
from numpy.typing import NDArray

from voxproof.features.mel import Floats, frames_of, hann

FLOOR_HZ = 60.0
CEILING_HZ = 500.0
_CANDIDATES = 5
_OCTAVE_COST = 0.02  # favours the higher of two equally good candidates
_JUMP_COST = 0.35  # for each octave between neighbouring frames
_SWITCH_COST = 0.14  # from voiced to unvoiced and back
_VOICING_THRESHOLD = 0.45
_SILENCE_THRESHOLD = 0.03  # of the loudest frame


def f0(samples: Floats, rate: int = 16_000, hop: int = 200) -> Floats:
    """Pitch of each centred frame in Hz, 0 where unvoiced: float32 `(1 + n // hop,)`.

    Frames are those of `voxproof.features.log_mel` for the same hop.
    """
    n_frames = 1 + len(samples) // hop
    if len(samples) < hop:
        return np.zeros(n_frames, np.float32)
    frequency, strength = _candidates(samples, rate, hop)
    chosen = _cheapest_path(frequency, strength)
    return frequency[np.arange(n_frames), chosen].astype(np.float32)


def _candidates(samples: Floats, rate: int, hop: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Frequencies and strengths, `(frames, 1 + _CANDIDATES)`; the first candidate is "unvoiced" (0 Hz)."""
    length = round(3 * rate / FLOOR_HZ)
    size = 1 << int(np.ceil(np.log2(1.5 * length)))
    window = hann(length)
    frames = frames_of(samples, length, hop)
    peak = np.abs(frames[:, length // 2 - hop : length // 2 + hop]).max(1) / max(float(np.abs(samples).max()), 1e-9)
    own = np.fft.irfft(np.abs(np.fft.rfft(window, size)) ** 2)
    lag_low, lag_high = int(rate / CEILING_HZ), int(np.ceil(rate / FLOOR_HZ)) + 1
    own_ratio = (own[0] / own[: lag_high + 1]).astype(np.float32)

    frequency = np.zeros((len(frames), 1 + _CANDIDATES), np.float32)
    strength = np.full((len(frames), 1 + _CANDIDATES), -1.0, np.float32)
    unvoiced = 2.0 - peak / _SILENCE_THRESHOLD * (1.0 + _VOICING_THRESHOLD)
    strength[:, 0] = _VOICING_THRESHOLD + np.maximum(0.0, unvoiced)
    # The harmonics above 2 to 4 kHz make peaks narrower than a sample, whose height depends on where the samples fall.
    low_pass = np.clip((4_000 - np.linspace(0, rate / 2, size // 2 + 1)) / 2_000, 0, 1)
    # Peaks at multiples of the period are as high as the first: without the bonus chance would choose among them.
    bonus = (_OCTAVE_COST * np.log2(rate / FLOOR_HZ / np.arange(lag_low, lag_high))).astype(np.float32)
    for start in range(0, len(frames), 512):
        part = frames[start : start + 512]
        part = (part - part.mean(1, keepdims=True)) * window
        power = np.abs(np.fft.rfft(part, size, axis=1)) ** 2 * low_pass
        r = np.fft.irfft(power, axis=1)[:, : lag_high + 1].astype(np.float32)
        r = r / np.maximum(r[:, :1], 1e-9) * own_ratio
        inner = r[:, lag_low:lag_high]
        is_peak = (inner > r[:, lag_low - 1 : lag_high - 1]) & (inner >= r[:, lag_low + 1 : lag_high + 1])
        score = np.where(is_peak, np.minimum(inner, 1.0) + bonus, -1.0)
        lags = np.argpartition(-score, _CANDIDATES, axis=1)[:, :_CANDIDATES]
        at = lags + lag_low
        left, mid, right = (np.take_along_axis(r, at + d, 1) for d in (-1, 0, 1))
        bend = left - 2 * mid + right
        shift = np.where(np.abs(bend) > 1e-9, 0.5 * (left - right) / np.where(bend == 0, 1.0, bend), 0.0)
        found = np.take_along_axis(score, lags, 1) > 0
        rows = slice(start, start + len(part))
        frequency[rows, 1:] = np.where(found, rate / (at + np.clip(shift, -0.5, 0.5)), 1.0)
        top = np.minimum(mid - 0.25 * (left - right) * np.clip(shift, -0.5, 0.5), 1.0)
        strength[rows, 1:] = np.where(found, top + _OCTAVE_COST * np.log2(frequency[rows, 1:] / FLOOR_HZ), -1.0)
    return frequency, strength


def _cheapest_path(frequency: NDArray[np.float32], strength: NDArray[np.float32]) -> NDArray[np.int64]:
    """The candidate of each frame on the path with the greatest sum of strengths less costs of change."""
    voiced = frequency > 0
    octave = np.log2(np.where(voiced, frequency, 1.0))
    both = voiced[1:, :, None] & voiced[:-1, None, :]
    change = np.where(both, _JUMP_COST * np.abs(octave[1:, :, None] - octave[:-1, None, :]), 0.0)
    change = change + _SWITCH_COST * (voiced[1:, :, None] != voiced[:-1, None, :])
    total = strength[0]
    back = np.zeros(frequency.shape, np.int64)
    for i in range(1, len(frequency)):
        arriving = total[None, :] - change[i - 1]
        back[i] = arriving.argmax(1)
        total = strength[i] + arriving.max(1)
    path = np.zeros(len(frequency), np.int64)
    path[-1] = int(total.argmax())
    for i in range(len(frequency) - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path
