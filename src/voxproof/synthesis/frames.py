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
    lengths: Floats = np.clip(np.exp(log_durations), SHORTEST_PHONEME, LONGEST_PHONEME)
    return lengths


def at_speed(values: Floats, speed: float) -> Floats:
    """Frames `(frames, channels)` said `speed` times as fast: about `frames / speed` of them, linear in between."""
    count = max(1, round(len(values) / speed))
    at = np.linspace(0.0, len(values) - 1, count)
    below = np.minimum(at.astype(np.int64), max(len(values) - 2, 0))
    share = (at - below)[:, None].astype(np.float32)
    above = np.minimum(below + 1, len(values) - 1)
    said: Floats = values[below] * (1 - share) + values[above] * share
    return said
