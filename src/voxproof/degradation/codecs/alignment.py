"""The delay of a codec, found by cross-correlation and taken away."""

import numpy as np
from scipy import signal

from voxproof.degradation.kind import RATE, Floats


def aligned(decoded: Floats, original: Floats) -> Floats:
    """Without the delay that MP3 adds, so that codecs do not shift what is at the edges."""
    surplus = len(decoded) - len(original)
    if surplus <= 0:
        return decoded
    head = original[: RATE // 2]
    match = signal.fftconvolve(decoded[: len(head) + surplus], head[::-1], mode="valid")
    return decoded[int(np.argmax(match)) :]
