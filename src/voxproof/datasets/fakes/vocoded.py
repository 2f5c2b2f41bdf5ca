"""Copies by every vocoder of the project: real speech to mel and pitch, and back.

Whatever is registered or has a card of kind `vocoder` becomes a maker, a network that somebody trained tomorrow too.
The default vocoder also gets mels as other systems hand them to it: blurred, noisy, coarse, at another pitch.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from scipy.fft import dct, idct
from scipy.ndimage import gaussian_filter1d

from voxproof.datasets.fakes.maker import Maker, Source, makers_of
from voxproof.features import f0, log_mel
from voxproof.features.level import normalise_level
from voxproof.features.mel import Floats
from voxproof.vocoders import DEFAULT, Vocoder, load_vocoder, vocoder_names

_SHARE = 3.6
_KEPT = 36  # cepstral coefficients of 80
_STEP = 0.35  # of the natural logarithm, 3 dB

Change = Callable[[Floats, Floats, np.random.Generator], tuple[Floats, Floats]]
"""Mel `(n_mels, frames)` and pitch `(frames,)` to others of the same shapes."""


def _plain(mel: Floats, pitch: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    return mel, pitch


def _blurred(mel: Floats, pitch: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    return gaussian_filter1d(gaussian_filter1d(mel, 1.2, axis=1), 1.0, axis=0), pitch


def _noisy(mel: Floats, pitch: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    wander = gaussian_filter1d(rng.standard_normal(mel.shape), 1.0, axis=1)
    return mel + (rng.uniform(0.2, 0.5) * wander).astype(np.float32), pitch


def _cepstral(mel: Floats, pitch: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    coefficients = dct(mel, axis=0, norm="ortho")
    coefficients[_KEPT:] = 0
    return idct(coefficients, axis=0, norm="ortho"), pitch


def _coarse(mel: Floats, pitch: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    return np.round(mel / _STEP) * np.float32(_STEP), pitch


def _moved(mel: Floats, pitch: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    return mel, pitch * np.float32(2 ** (rng.choice([-2.0, -1.0, 1.0, 2.0]) / 12))


def _slow(mel: Floats, pitch: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Every second frame is guessed from its neighbours, as in models that predict two frames at once."""
    guessed = mel.copy()
    inner = guessed[:, 1:-1:2]
    inner[:] = 0.5 * (mel[:, 0:-2:2] + mel[:, 2::2])[:, : inner.shape[1]]
    return guessed, pitch


CHANGES: dict[str, tuple[Change, str]] = {
    "": (_plain, "the project's mel"),
    "-blurred": (_blurred, "a mel blurred over time and bands"),
    "-noisy": (_noisy, "a mel with noise on it"),
    "-cepstral": (_cepstral, f"a mel of {_KEPT} cepstral coefficients"),
    "-coarse": (_coarse, "a mel in steps of 3 dB"),
    "-pitch": (_moved, "the mel and another pitch"),
    "-slow": (_slow, "a mel of 40 frames a second"),
}


@lru_cache(maxsize=4)
def _vocoder(name: str) -> Vocoder:
    return load_vocoder(name)


def copy(name: str, source: Source, seed: int, change: Change = _plain) -> Floats:
    """The clip through mel, pitch and the vocoder called `name`: float32 `(n // hop * hop,)`."""
    vocoder = _vocoder(name)
    samples = normalise_level(source.samples)
    mel, pitch = log_mel(samples, vocoder.spec), f0(samples, vocoder.spec.rate, vocoder.spec.hop)
    mel, pitch = change(mel, pitch, np.random.default_rng(seed))
    return vocoder.vocode(np.asarray(mel, np.float32), np.asarray(pitch, np.float32), seed=seed)


@makers_of
def vocoded() -> Sequence[Maker]:
    """One maker a vocoder, and of the default one a maker for every change of the mel."""
    return [
        Maker(
            name=f"own-{name}{suffix}",
            family="vocoder",
            about=f"copy by the vocoder {name} of {about}",
            year=1984 if name == "griffinlim" else 2026,
            make=_bound(name, change),
            share=_SHARE if name == DEFAULT else 1.6,
        )
        for name in vocoder_names()
        for suffix, (change, about) in CHANGES.items()
        if name == DEFAULT or not suffix
    ]


def _bound(name: str, change: Change) -> Callable[[Source, int], Floats]:
    return lambda source, seed: copy(name, source, seed, change)
