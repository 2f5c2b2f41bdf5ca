"""Change of the sampling rate, by soxr at its high quality setting."""

import numpy as np
import soxr
from numpy.typing import NDArray

from voxproof.audio.limits import MAX_RATE, MIN_RATE
from voxproof.errors import AudioError


def resample(samples: NDArray[np.float32], source_rate: int, target_rate: int) -> NDArray[np.float32]:
    """Samples `[n]` at `source_rate` Hz to float32 `[round(n * target_rate / source_rate)]` at `target_rate` Hz."""
    for rate in (source_rate, target_rate):
        if not MIN_RATE <= rate <= MAX_RATE:
            raise AudioError(f"cannot resample to or from {rate} Hz; {MIN_RATE} to {MAX_RATE} Hz are possible")
    given = np.ascontiguousarray(samples, np.float32)
    if source_rate == target_rate or len(given) == 0:
        return given
    length = round(len(given) * target_rate / source_rate)
    moved = np.asarray(soxr.resample(given, source_rate, target_rate, quality="HQ"), np.float32)
    if len(moved) < length:
        moved = np.pad(moved, (0, length - len(moved)))
    return moved[:length]
