"""Codecs: coded and decoded in memory, at a random rate, without their delay. `CODECS` has each by name."""

import numpy as np

from voxproof.degradation.codecs.ffmpeg import AMR_NB_RATES, aac, amr_nb, g722, mp3, opus
from voxproof.degradation.codecs.g711 import g711_a, g711_mu
from voxproof.degradation.codecs.linear_prediction import PULSES, amr_wb_like
from voxproof.degradation.codecs.sndfile import gsm, vorbis
from voxproof.degradation.kind import RATE, Degradation, Floats

_MP3_RATES = {16_000: (16, 24, 32, 48, 64, 96, 128), 24_000: (32, 48, 64, 96, 128), 44_100: (48, 64, 96, 128, 192)}
_AAC_RATES = (16, 24, 32, 48, 64)  # kbit/s
_CALL_RATES = (12, 16, 20, 24, 32)  # kbit/s, of calls and voice messages over the internet
_OPUS_RATES = (6, 8, 12, 16, 24, 32, 48, 64)  # kbit/s


def _random_mp3(samples: Floats, rng: np.random.Generator) -> Floats:
    rate = int(rng.choice(list(_MP3_RATES), p=[0.7, 0.15, 0.15]))
    return mp3(samples, 1000 * int(rng.choice(_MP3_RATES[rate])), rate)


def _random_aac(samples: Floats, rng: np.random.Generator) -> Floats:
    return aac(samples, 1000 * int(rng.choice(_AAC_RATES)), RATE if rng.random() < 0.8 else 24_000)


def _random_opus(samples: Floats, rng: np.random.Generator) -> Floats:
    return opus(samples, 1000 * int(rng.choice(_OPUS_RATES)), voip=bool(rng.random() < 0.5))


CODECS: dict[str, Degradation] = {
    "mp3": _random_mp3,
    "aac": _random_aac,
    "opus": _random_opus,
    "vorbis": lambda samples, rng: vorbis(samples, float(rng.uniform(0.05, 0.8))),
    "g711-mu": lambda samples, rng: g711_mu(samples),
    "g711-a": lambda samples, rng: g711_a(samples),
    "g722": lambda samples, rng: g722(samples),
    "gsm": lambda samples, rng: gsm(samples),
    "amr-nb": lambda samples, rng: amr_nb(samples, int(rng.choice(AMR_NB_RATES))),
    "amr-wb-like": lambda samples, rng: amr_wb_like(samples, int(rng.choice(list(PULSES)))),
}

MUSIC = ("mp3", "aac", "opus", "vorbis")  # the codecs of files and pages
# The last one takes several times as long as the others, so it is rare.
TELEPHONE = {"g711-mu": 0.2, "g711-a": 0.2, "g722": 0.15, "gsm": 0.2, "amr-nb": 0.2, "amr-wb-like": 0.05}


def codec(samples: Floats, rng: np.random.Generator) -> Floats:
    """A codec of files and pages (MP3, AAC, Opus, Vorbis) at a random rate."""
    return CODECS[str(rng.choice(MUSIC))](samples, rng)


def telephone(samples: Floats, rng: np.random.Generator) -> Floats:
    """A codec of telephones (G.711, G.722, GSM, AMR, and one like AMR-WB) at a random rate."""
    return CODECS[str(rng.choice(list(TELEPHONE), p=list(TELEPHONE.values())))](samples, rng)


def call(samples: Floats, rng: np.random.Generator) -> Floats:
    """Opus for calls at the rates of internet telephony and voice messages, where it models speech itself."""
    return opus(samples, 1000 * int(rng.choice(_CALL_RATES)), voip=True)


__all__ = ["CODECS", "MUSIC", "TELEPHONE", "call", "codec", "telephone"]
