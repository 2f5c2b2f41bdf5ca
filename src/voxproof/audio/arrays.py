"""Arrays from other libraries to mono float samples."""

import math
import operator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof.audio.gathering import Gathered
from voxproof.audio.limits import MAX_CHANNELS, check_shape
from voxproof.errors import AudioError

_NAME = "the array"
_FULL_SCALE = {"int16": 2.0**15, "int32": 2.0**31}


def from_array(array: NDArray[Any], rate: float) -> tuple[NDArray[np.float32], int]:
    """Mono float32 `[n]` and the checked rate of an array `(n,)`, `(n, channels)` or `(channels, n)`.

    Floats are taken as they are, 16 and 32-bit integers by their full scale, unsigned bytes about 128.
    """
    hertz = _whole(rate)
    if array.ndim == 1:
        array = array[:, None]
    elif array.ndim == 2 and array.shape[0] <= MAX_CHANNELS < array.shape[1]:
        array = array.T
    if array.ndim != 2:
        raise AudioError(f"{_NAME}: shape {array.shape} is not sound; give (n,) or (n, channels)")
    if array.size == 0:
        raise AudioError(f"{_NAME}: no sound in it, 0 samples")
    check_shape(_NAME, hertz, array.shape[1])
    gathered = Gathered(_NAME, hertz, array.shape[1])
    gathered.add(_floats(array))
    return gathered.samples(), hertz


def _floats(array: NDArray[Any]) -> NDArray[Any]:
    if array.dtype.kind == "f":
        return array
    if array.dtype.name in _FULL_SCALE:
        return array.astype(np.float32) / np.float32(_FULL_SCALE[array.dtype.name])
    if array.dtype == np.uint8:
        return (array.astype(np.float32) - 128.0) / 128.0
    raise AudioError(f"{_NAME}: samples of type {array.dtype} have no known full scale; give floats in [-1, 1]")


def _whole(rate: float) -> int:
    """A sampling rate that is a whole number, whatever its type."""
    try:
        if isinstance(rate, float) and math.isfinite(rate) and rate == int(rate):
            return int(rate)
        return operator.index(rate)  # type: ignore[arg-type]
    except TypeError:
        raise AudioError(f"rate={rate!r} is no sampling rate; give whole Hz, 16000 for example") from None
