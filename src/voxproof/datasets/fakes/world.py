"""Copies by WORLD: pitch, spectral envelope and aperiodicity, and speech from these three again.

Morise, Yokomori, Ozawa, "WORLD: a vocoder-based high-quality speech synthesis system for real-time applications",
IEICE Trans. Inf. & Syst. E99-D (2016), through the package pyworld (MIT). Most systems of the years before neural
vocoders end in it or in something like it.
"""

from importlib.util import find_spec
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from voxproof.datasets.fakes.maker import RATE, Source, maker
from voxproof.errors import AudioError, ModelError
from voxproof.features.mel import Floats

_Doubles = NDArray[np.float64]
_PERIOD = 5.0  # ms between frames
_SHARE = 2.5


def _missing() -> str:
    return "" if find_spec("pyworld") else "pyworld is not installed; run `pip install 'voxproof[fakes]'`"


def _pyworld() -> ModuleType:
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it asks for pkg_resources, which says at length that it is old
            import pyworld
    except ImportError as reason:
        raise ModelError(f"pyworld cannot be loaded ({reason}): run `pip install 'voxproof[fakes]'`") from None
    loaded: ModuleType = pyworld
    return loaded


def _analyse(samples: Floats, period: float = _PERIOD) -> tuple[_Doubles, _Doubles, _Doubles]:
    """Pitch `(frames,)`, power envelope and aperiodicity `(frames, bins)`."""
    world = _pyworld()
    heard = samples.astype(np.float64)
    rough, times = world.dio(heard, RATE, frame_period=period)
    pitch = world.stonemask(heard, rough, times, RATE)
    envelope = world.cheaptrick(heard, pitch, times, RATE)
    if not np.isfinite(envelope).all():
        raise AudioError("WORLD finds no envelope in the clip")
    return pitch, envelope, world.d4c(heard, pitch, times, RATE)


def _synthesise(pitch: _Doubles, envelope: _Doubles, noise: _Doubles, period: float = _PERIOD) -> Floats:
    parts = [np.ascontiguousarray(part, np.float64) for part in (pitch, envelope, noise)]
    made: Any = _pyworld().synthesize(*parts, RATE, period)
    return np.asarray(made, np.float32)


def _options(about: str) -> dict[str, Any]:
    return {"family": "vocoder", "year": 2016, "about": f"WORLD, {about}", "share": _SHARE, "missing": _missing}


@maker("own-world", **_options("copied as analysed"))
def plain(source: Source, seed: int) -> Floats:
    """Analysis and synthesis, nothing between."""
    return _synthesise(*_analyse(source.samples))


@maker("own-world-pitch", **_options("pitch moved by up to three semitones"))
def moved_pitch(source: Source, seed: int) -> Floats:
    """Another register, the same envelope, as converters by WORLD do it."""
    semitones = np.random.default_rng(seed).choice([-3, -2, -1, 1, 2, 3])
    pitch, envelope, noise = _analyse(source.samples)
    return _synthesise(pitch * 2 ** (semitones / 12), envelope, noise)


@maker("own-world-melody", **_options("pitch smoothed over 150 ms"))
def smooth_pitch(source: Source, seed: int) -> Floats:
    """The melody without its small movements, which statistical models lose."""
    pitch, envelope, noise = _analyse(source.samples)
    voiced = pitch > 0
    if voiced.any():
        filled = np.interp(np.arange(len(pitch)), np.flatnonzero(voiced), np.log(pitch[voiced]))
        pitch = np.where(voiced, np.exp(uniform_filter1d(filled, 30)), 0.0)
    return _synthesise(pitch, envelope, noise)


@maker("own-world-coded", **_options("envelope and aperiodicity in 40 numbers a frame"))
def coded(source: Source, seed: int) -> Floats:
    """Through the code of few numbers that a network would predict."""
    return _coded(source, 40, 0.0)


@maker("own-world-statistical", **_options("envelope in 25 numbers a frame, smoothed over time"))
def statistical(source: Source, seed: int) -> Floats:
    """What averaging over contexts leaves: few coefficients, and slow ones."""
    return _coded(source, 25, 2.5)


@maker("own-world-smooth", **_options("log envelope smoothed over time and frequency"))
def smooth(source: Source, seed: int) -> Floats:
    """Blurred formants."""
    pitch, envelope, noise = _analyse(source.samples)
    blurred = gaussian_filter1d(gaussian_filter1d(np.log(envelope), 2.0, axis=0), 6.0, axis=1)
    return _synthesise(pitch, np.exp(blurred), noise)


def _coded(source: Source, numbers: int, blur: float) -> Floats:
    world = _pyworld()
    pitch, envelope, noise = _analyse(source.samples)
    size = world.get_cheaptrick_fft_size(RATE)
    code = world.code_spectral_envelope(envelope, RATE, numbers)
    if blur:
        code = gaussian_filter1d(code, blur, axis=0)
    bands = world.code_aperiodicity(noise, RATE)
    code, bands = np.ascontiguousarray(code), np.ascontiguousarray(bands)
    return _synthesise(
        pitch, world.decode_spectral_envelope(code, RATE, size), world.decode_aperiodicity(bands, RATE, size)
    )
