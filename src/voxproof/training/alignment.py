"""Monotonic alignment search (Glow-TTS, arXiv 2005.11129): the cheapest way to lay phonemes along frames."""

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True)  # type: ignore[untyped-decorator]
def _search(score: NDArray[np.float32], durations: NDArray[np.int64]) -> None:
    phonemes, frames = score.shape
    best = np.full((phonemes, frames), -1e9, np.float32)
    best[0, 0] = score[0, 0]
    for j in range(1, frames):
        top = min(j + 1, phonemes)
        for i in range(max(0, phonemes - (frames - j)), top):
            stay = best[i, j - 1]
            step = best[i - 1, j - 1] if i > 0 else np.float32(-1e9)
            best[i, j] = score[i, j] + max(stay, step)
    i = phonemes - 1
    for j in range(frames - 1, -1, -1):
        durations[i] += 1
        if i > 0 and j > 0 and best[i - 1, j - 1] >= best[i, j - 1]:
            i -= 1


def align(score: NDArray[np.float32]) -> NDArray[np.int64]:
    """Frames of each phoneme, at least one: int64 `(phonemes,)` that sums to the frames of `score (phonemes, frames)`.

    Every phoneme takes one or more frames in order, and the sum of the scores along the way is the greatest there is.
    Raises ValueError if there are fewer frames than phonemes.
    """
    if score.shape[1] < score.shape[0]:
        raise ValueError(f"{score.shape[0]} phonemes do not fit into {score.shape[1]} frames")
    durations = np.zeros(score.shape[0], np.int64)
    _search(np.ascontiguousarray(score, np.float32), durations)
    return durations
