"""Tones that keep their pitch, as notes do and voices do not: music beside speech, and under it."""

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio
from voxproof.features.mel import Floats, stft_magnitude

_RATE = 16_000  # Hz
_N_FFT, _HOP = 1024, 256
_LOWEST, _HIGHEST = 4, 400  # bins: 60 Hz to 6 kHz
_LONGEST = 120.0  # seconds that are looked at; music goes on

MUSIC_SHARE = 0.5  # of the sounding frames outside speech that hold a steady tone
MUSIC_SECONDS = 0.5  # of steady tones, at least
MUSIC_BELOW_SPEECH = 25.0  # dB; fainter tones (hum, fans) do not matter
_STEADY_FRAMES = 20  # of 16 ms: a tone that stays on its pitch for 0.3 s; voices glide
_TONE_OVER_MEDIAN = 12.0  # times the median of its frame

# Under speech: a bin whose quiet moments (a voice leaves every bin now and then) stand above those of its neighbours.
HUMMED_SHARE = 0.75  # of the stretches below that hold such a tone; of 350 clips of speech one in eighty has as many
_STRETCH = 0.6  # seconds
_QUIET_MOMENTS = 0.15  # the quantile of a bin's magnitude within a stretch
_NEIGHBOURS = 25  # bins, 400 Hz
_TONE_OVER_NEIGHBOURS = 4.0  # 12 dB


def holds_music(audio: Audio, speech: list[tuple[float, float]]) -> bool:
    """Whether there are notes outside the stretches of speech (seconds), or under them nearly all the time."""
    samples = audio.resampled(_RATE).samples[: int(_LONGEST * _RATE)]
    magnitude = stft_magnitude(samples, _N_FFT, _HOP)[_LOWEST:_HIGHEST]
    return _beside_speech(magnitude, speech) or (bool(speech) and under_speech(samples, magnitude) >= HUMMED_SHARE)


def under_speech(samples: Floats, magnitude: NDArray[np.float32] | None = None) -> float:
    """Share of stretches of 0.6 s through which a tone sounds, of samples at 16 kHz that hold speech."""
    if magnitude is None:
        magnitude = stft_magnitude(samples, _N_FFT, _HOP)[_LOWEST:_HIGHEST]
    length = int(_STRETCH * _RATE / _HOP)
    if magnitude.shape[1] < length:
        return 0.0
    level = float(np.sqrt((samples.astype(np.float64) ** 2).mean()))
    # A sine of level 1 has a magnitude of n / 4 * sqrt(2) under a Hann window.
    faintest = level * 10 ** (-MUSIC_BELOW_SPEECH / 20) * _N_FFT / 4 * np.sqrt(2)
    stretches = np.lib.stride_tricks.sliding_window_view(magnitude, length, axis=1)[:, :: length // 2].swapaxes(0, 1)
    # Quantile and median by partial sorting of all stretches at once; NumPy's own cost more than the sorting.
    place, part = divmod(_QUIET_MOMENTS * (length - 1), 1)
    below, above = int(place), int(place) + 1
    ordered = np.partition(stretches, (below, above), axis=2)
    quiet = ordered[:, :, below] * (1 - part) + ordered[:, :, above] * part
    side, middle = _NEIGHBOURS // 2, _NEIGHBOURS // 2
    padded = np.pad(quiet, ((0, 0), (side, side)), "reflect")
    around = np.lib.stride_tricks.sliding_window_view(padded, _NEIGHBOURS, axis=1)
    typical = np.partition(around, middle, axis=2)[:, :, middle]
    held = ((quiet > _TONE_OVER_NEIGHBOURS * typical) & (quiet > faintest)).any(axis=1)
    return float(held.mean())


def _beside_speech(magnitude: NDArray[np.float32], speech: list[tuple[float, float]]) -> bool:
    frames = magnitude.shape[1]
    if frames < 2 * _STEADY_FRAMES:
        return False
    level = np.sqrt((magnitude**2).mean(0)) + 1e-12
    outside = np.ones(frames, bool)
    for start, end in speech:
        outside[max(0, int(start * _RATE / _HOP) - 4) : int(end * _RATE / _HOP) + 5] = False
    loudest = level[~outside] if speech and (~outside).any() else level
    sounding = outside & (level > np.quantile(loudest, 0.9) * 10 ** (-MUSIC_BELOW_SPEECH / 20)) & (level > 1e-3)
    # A tone: a bin far above the rest of its frame that stays so for 0.3 s, give or take one frame in five.
    peaks = magnitude > _TONE_OVER_MEDIAN * np.median(magnitude, axis=0)
    summed = np.cumsum(np.pad(peaks.astype(np.int32), ((0, 0), (1, 0))), axis=1)
    held = (summed[:, _STEADY_FRAMES:] - summed[:, :-_STEADY_FRAMES]).max(0) >= 0.8 * _STEADY_FRAMES
    steady = np.zeros(frames, bool)
    for first in np.flatnonzero(held):
        steady[first : first + _STEADY_FRAMES] = True
    steady &= sounding
    return bool(steady.sum() * _HOP / _RATE >= MUSIC_SECONDS and steady.sum() >= MUSIC_SHARE * sounding.sum())
