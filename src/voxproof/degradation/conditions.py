"""Named conditions for tables: each one thing that happens to speech, always the same for the same generator.

What is random in a condition (noise, music, which room) comes from the generator alone; strengths and rates are fixed.
"""

import numpy as np

from voxproof.degradation.bandwidth import telephone_band, through_rate
from voxproof.degradation.codecs.ffmpeg import aac, amr_nb, g722, mp3, opus
from voxproof.degradation.codecs.g711 import g711_mu
from voxproof.degradation.codecs.linear_prediction import amr_wb_like
from voxproof.degradation.codecs.sndfile import gsm
from voxproof.degradation.kind import Degradation, Floats
from voxproof.degradation.level import add_under
from voxproof.degradation.noise import coloured, music, other_voices
from voxproof.degradation.quantisation import quantised
from voxproof.degradation.room import far_field, room

_PINK = -0.5  # magnitudes fall by 3 dB an octave
_CLIPPED = 0.02  # of all samples
_QUIET = 60 / 32_768  # peak: 60 steps of 16 bits


def white_noise(decibels: float) -> Degradation:
    """White noise so many dB under the speech."""
    return lambda samples, rng: add_under(samples, rng.standard_normal(len(samples), np.float32), decibels)


def pink_noise(decibels: float) -> Degradation:
    """Pink noise so many dB under the speech."""
    return lambda samples, rng: add_under(samples, coloured(len(samples), _PINK, rng), decibels)


def music_under(decibels: float) -> Degradation:
    """Synthetic chords so many dB under the speech, the whole time."""
    return lambda samples, rng: add_under(samples, music(len(samples), rng), decibels)


def phone(samples: Floats, rng: np.random.Generator) -> Floats:
    """300 to 3400 Hz and G.711 mu-law at 8 kHz."""
    return g711_mu(telephone_band(samples))


def clipped(samples: Floats, rng: np.random.Generator) -> Floats:
    """The loudest fiftieth of the samples is cut off."""
    top = np.quantile(np.abs(samples), 1 - _CLIPPED) if len(samples) else 0.0
    return np.clip(samples, -top, top).astype(np.float32, copy=False)


def quiet(samples: Floats, rng: np.random.Generator) -> Floats:
    """A peak of 60 steps of 16 bits."""
    peak = float(np.abs(samples).max(initial=0.0))
    return quantised(samples * np.float32(_QUIET / peak), 16) if peak > 0 else samples


CONDITIONS: dict[str, Degradation] = {
    "clean": lambda samples, rng: samples,
    "phone": phone,
    "gsm": lambda samples, rng: gsm(samples),
    "amr-nb-12": lambda samples, rng: amr_nb(samples, 12_200),
    "amr-wb-like": lambda samples, rng: amr_wb_like(samples, 12_650),
    "g722": lambda samples, rng: g722(samples),
    "voip": lambda samples, rng: opus(samples, 12_000, voip=True),
    "opus-32": lambda samples, rng: opus(samples, 32_000),
    "mp3-32": lambda samples, rng: mp3(samples, 32_000),
    "mp3-64": lambda samples, rng: mp3(samples, 64_000),
    "aac-32": lambda samples, rng: aac(samples, 32_000),
    "room": room,
    "far-field": far_field,
    "music-bed": music_under(10),
    "babble-10dB": lambda samples, rng: add_under(samples, other_voices(samples, rng), 10),
    "noise-20dB": pink_noise(20),
    "noise-10dB": pink_noise(10),
    "noise-5dB": pink_noise(5),
    "white-noise-15dB": white_noise(15),
    "low-rate": lambda samples, rng: through_rate(samples, 8000),
    "8-bit": lambda samples, rng: quantised(samples, 8),
    "clipped": clipped,
    "quiet": quiet,
}
