"""From durations to the frames that a decoder sees."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SHORTEST_PHONEME, LONGEST_PHONEME = 0.5, 40.0  # frames, the latter half a second: no predicted duration may run away


def lay_out(durations: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
    """The phoneme of each frame `(frames,)` and the frame's place in it `(frames, 3)`.

    A place is: how far into the phoneme (0 to 1), how far from its end, and the log of the phoneme's frames.
    """
    which = np.repeat(np.arange(len(durations)), durations)
    into = np.arange(len(which)) - np.repeat(np.cumsum(durations) - durations, durations)
    far = ((into + 0.5) / durations[which]).astype(np.float32)
    return which, np.stack([far, 1.0 - far, np.log(durations[which]).astype(np.float32)], axis=1)


def whole_durations(lengths: Floats) -> NDArray[np.int64]:
    """Whole frames (at least one each, an even sum) from fractional lengths, with the rounding carried over."""
    ends = np.round(np.cumsum(lengths)).astype(np.int64)
    durations = np.maximum(np.diff(ends, prepend=0), 1)
    durations[-1] += int(durations.sum()) % 2
    return durations


def bounded_lengths(log_durations: Floats) -> Floats:
    """Fractional frames of each phoneme, within what a phoneme can last, from their predicted logarithms."""
    return np.clip(np.exp(log_durations), SHORTEST_PHONEME, LONGEST_PHONEME)
