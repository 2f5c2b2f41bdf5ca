"""What else sounds while somebody speaks: noise, other people, mains, music."""

from collections.abc import Sequence

import numpy as np
from scipy import fft

from voxproof.degradation.kind import RATE, Floats, Numbers
from voxproof.degradation.level import add_under, power

_VOICES = (3, 8)  # of a babble
_TABLE = 4096  # points of one period of an instrument
_CHORDS = ((0, 4, 7), (0, 3, 7), (0, 5, 9), (-3, 0, 4), (2, 5, 9), (-5, -1, 2))  # semitones over the key
_HIGHEST_PARTIAL = 8  # 7.5 kHz of the highest note


def coloured(length: int, slope: float, rng: np.random.Generator) -> Floats:
    """Gaussian noise `[length]` whose magnitudes follow frequency to the power of `slope`; flat below 20 Hz."""
    size = fft.next_fast_len(length, real=True)
    bins = size // 2 + 1
    spectrum = rng.standard_normal(2 * bins, np.float32).view(np.complex64)
    lowest = 20.0 * size / RATE
    spectrum *= (np.maximum(np.arange(bins), lowest) / lowest).astype(np.float32) ** np.float32(slope)
    return np.asarray(fft.irfft(spectrum, size)[:length], np.float32)


def noise(samples: Floats, rng: np.random.Generator) -> Floats:
    """Steady noise of random colour (white, pink, red, and a little blue), 8 to 40 dB under the speech."""
    return add_under(samples, coloured(len(samples), rng.uniform(-1.2, 0.4), rng), rng.uniform(8, 40))


def other_voices(samples: Floats, rng: np.random.Generator, pool: Sequence[Floats] | None = None) -> Floats:
    """Three to seven voices at once, as long as `samples`.

    `pool` holds other people's speech at 16 kHz. Without it the voices are the clip itself, backwards and from other
    places: the spectrum of babble, but the texture of the clip.
    """
    together = np.zeros(len(samples), np.float32)
    for _ in range(rng.integers(*_VOICES)):
        other = pool[int(rng.integers(len(pool)))] if pool else samples[::-1]
        voice = np.resize(np.roll(other, int(rng.integers(max(len(other), 1)))), len(samples))
        level = np.sqrt(power(voice))
        if level > 0:
            together += voice * np.float32(rng.uniform(0.5, 1.0) / level)
    return together


def babble(samples: Floats, rng: np.random.Generator, pool: Sequence[Floats] | None = None) -> Floats:
    """Three to seven other voices, 5 to 30 dB under the speech; see `other_voices` for the pool."""
    return add_under(samples, other_voices(samples, rng, pool), rng.uniform(5, 30))


def hum(samples: Floats, rng: np.random.Generator) -> Floats:
    """The mains' 50 or 60 Hz and up to twenty harmonics, 12 to 40 dB under the speech."""
    mains = float(rng.choice([50.0, 60.0])) * rng.uniform(0.998, 1.002)
    harmonics = np.arange(1, rng.integers(3, 21))
    strengths = harmonics ** -rng.uniform(0.3, 1.5) * rng.uniform(0.2, 1.0, len(harmonics))
    table = _one_period(strengths, rng)
    return add_under(samples, _played(table, mains, len(samples), rng.random()), rng.uniform(12, 40))


def music(length: int, rng: np.random.Generator) -> Floats:
    """Synthetic music `[length]`: chords of plucked or bowed tones with up to eight partials, one bar after another.

    No recording: additive tones with envelopes, which are notes to a detector of notes, and nobody's property.
    """
    key = 110.0 * 2 ** (rng.integers(0, 18) / 12)  # Hz
    beat = int(rng.uniform(0.25, 1.0) * RATE)
    partials = np.arange(1, rng.integers(3, _HIGHEST_PARTIAL + 1))
    table = _one_period(partials ** -rng.uniform(0.7, 2.0), rng)
    decay = rng.uniform(0.15, 2.0) * RATE
    attack = max(1, int(rng.uniform(0.003, 0.1) * RATE))
    envelope = np.exp(-np.arange(beat) / decay).astype(np.float32)
    envelope[:attack] *= np.linspace(0, 1, attack, dtype=np.float32)[:beat]
    released = min(160, beat)
    envelope[beat - released :] *= np.linspace(1, 0, released, dtype=np.float32)
    sound = np.zeros(length, np.float32)
    chord = rng.integers(len(_CHORDS))
    for start in range(0, length, beat):
        if rng.random() < 0.5:
            chord = rng.integers(len(_CHORDS))
        end = min(start + beat, length)
        for step in _CHORDS[chord]:
            note = key * 2 ** (step / 12) * (2 if rng.random() < 0.2 else 1)
            sound[start:end] += _played(table, note, end - start, rng.random()) * envelope[: end - start]
    return sound


def music_bed(samples: Floats, rng: np.random.Generator) -> Floats:
    """Synthetic music all the time, 3 to 30 dB under the speech."""
    return add_under(samples, music(len(samples), rng), rng.uniform(3, 30))


def _one_period(strengths: Numbers, rng: np.random.Generator) -> Floats:
    """One period `[4096]` of partials with these strengths and random phases."""
    spectrum = np.zeros(_TABLE // 2 + 1, np.complex128)
    spectrum[1 : len(strengths) + 1] = strengths * np.exp(2j * np.pi * rng.random(len(strengths)))
    return np.asarray(fft.irfft(spectrum, _TABLE) * _TABLE / 2, np.float32)


def _played(table: Floats, frequency: float, length: int, phase: float) -> Floats:
    steps = (np.arange(length) * (frequency / RATE * _TABLE) + phase * _TABLE).astype(np.int64)
    return np.asarray(table[steps & (_TABLE - 1)], np.float32)
