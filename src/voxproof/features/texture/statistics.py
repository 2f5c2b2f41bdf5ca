"""What a whole stretch's texture is like, without the order of its frames."""

import numpy as np

from voxproof.features.mel import Floats
from voxproof.features.texture.maps import MEASURES

_SMALLEST_WEIGHT = 0.02  # of a frame that does not count, as in the network
_SMALLEST_VARIANCE = 1e-4


def statistics(maps: Floats, weight: Floats) -> Floats:
    """Weighted means, then deviations, of every measure: maps `(frames, 865)`, weight `(frames,)` -> `(1728,)`."""
    measures = maps[:, :MEASURES].astype(np.float64)
    share = np.maximum(weight, _SMALLEST_WEIGHT).astype(np.float64)[:, None]
    share /= share.sum()
    mean = (share * measures).sum(0)
    variance = (share * np.square(measures - mean)).sum(0)
    return np.concatenate([mean, np.sqrt(np.maximum(variance, _SMALLEST_VARIANCE))]).astype(np.float32)
