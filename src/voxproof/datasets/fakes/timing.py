"""Where speech begins and ends in a clip, and saying a text in about the time of another recording."""

from collections.abc import Callable

import numpy as np

from voxproof.datasets.fakes.maker import RATE
from voxproof.errors import AudioError
from voxproof.features.mel import Floats

HOP = 160  # samples, 10 ms
SLOWEST, FASTEST = 0.7, 1.5  # factors on the rate of speech; what does not fit between them stays as it is
CLOSE = 0.04  # of the length: nearer than that is not said again
_TRIES = 3
_HEARD = 0.35  # of the way from the quietest to the loudest frames, in dB
_SPAN_DB = 50.0  # digital silence counts as so much below the loudest


def extent(samples: Floats) -> tuple[int, int]:
    """First and last sample (one past it) of what is heard; the whole clip where nothing stands out."""
    count = len(samples) // HOP
    if count == 0:
        return 0, len(samples)
    level = 10 * np.log10((samples[: count * HOP].reshape(count, HOP).astype(np.float64) ** 2).mean(1) + 1e-12)
    top = float(np.percentile(level, 95))
    floor = max(float(np.percentile(level, 5)), top - _SPAN_DB)
    heard = np.flatnonzero(level > floor + _HEARD * (top - floor))
    if len(heard) == 0:
        return 0, len(samples)
    return int(heard[0]) * HOP, min((int(heard[-1]) + 1) * HOP, len(samples))


def fitted(original: Floats, say: Callable[[float], Floats]) -> Floats:
    """What `say` says at that factor on the rate of speech at which it takes as long as the speech of `original`."""
    first, last = extent(original)
    rate = 1.0
    for _ in range(_TRIES):
        said = say(rate)
        if len(said) < RATE // 10:
            raise AudioError("the engine said nothing")
        start, end = extent(said)
        ratio = (end - start) / max(last - first, 1)
        better = float(np.clip(rate * ratio, SLOWEST, FASTEST))
        if abs(better / rate - 1) < CLOSE:
            break
        rate = better
    return said
