"""Copies by Griffin-Lim: a magnitude, and a phase that is only guessed.

Griffin, Lim, "Signal estimation from modified short-time Fourier transform" (1984), in the fast form of Perraudin,
Balazs, Sondergaard (2013) that the vocoder `griffinlim` uses. The variants differ in how much of the magnitude the mel
keeps and in how long the phase is sought.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np

from voxproof.datasets.fakes.maker import Source, maker
from voxproof.features import log_mel
from voxproof.features.mel import MEL, Floats, MelSpec, mel_filters
from voxproof.vocoders.griffinlim import GriffinLim
from voxproof.vocoders.phase import Complex, forward, project

_SHARE = 1.6
FEW_BANDS, MANY_BANDS = replace(MEL, n_mels=40), replace(MEL, n_mels=128)
SHORT_FRAMES = replace(MEL, n_fft=512, hop=128, n_mels=64)


@cache
def _inverse(spec: MelSpec) -> Floats:
    inverse: Floats = np.linalg.pinv(mel_filters(spec)).astype(np.float32)
    return inverse


def sound(mel: Floats, spec: MelSpec, iterations: int, seed: int) -> Floats:
    """Griffin-Lim of a log-mel `(n_mels, frames)` of any `spec`, from random phases."""
    magnitude = np.maximum(_inverse(spec) @ np.exp(mel), spec.floor).T.astype(np.float32)
    return project(magnitude, _random_phase(magnitude, seed), iterations, spec)


def _random_phase(magnitude: Floats, seed: int) -> Complex:
    angle = np.random.default_rng(seed).uniform(0, 2 * np.pi, magnitude.shape).astype(np.float32)
    phase: Complex = np.exp(1j * angle).astype(np.complex64)
    return phase


def _through_vocoder(iterations: int) -> Callable[[Source, int], Floats]:
    def make(source: Source, seed: int) -> Floats:
        return GriffinLim(iterations).vocode(log_mel(source.samples), seed=seed)

    maker(
        f"own-griffinlim-{iterations}",
        "vocoder",
        f"Griffin-Lim of the project's mel, {iterations} iterations",
        1984,
        share=_SHARE,
    )(make)
    return make


def _through_mel(name: str, spec: MelSpec, iterations: int, about: str) -> Callable[[Source, int], Floats]:
    def make(source: Source, seed: int) -> Floats:
        return sound(log_mel(source.samples, spec), spec, iterations, seed)

    maker(f"own-griffinlim-{name}", "vocoder", f"Griffin-Lim of {about}", 1984, share=_SHARE)(make)
    return make


few, many = _through_vocoder(16), _through_vocoder(60)
forty = _through_mel("mel40", FEW_BANDS, 32, "a mel of 40 bands")
wide = _through_mel("mel128", MANY_BANDS, 32, "a mel of 128 bands")
short = _through_mel("short", SHORT_FRAMES, 48, "a mel of 64 bands from frames of 32 ms")


@maker("own-griffinlim-linear", "vocoder", "Griffin-Lim of the linear spectrogram from random phases", 1984, share=1.6)
def linear(source: Source, seed: int) -> Floats:
    """Every bin of the magnitude is the original's; only the phase is made."""
    magnitude = np.abs(forward(source.samples)).astype(np.float32)
    return project(magnitude, _random_phase(magnitude, seed), 60)
