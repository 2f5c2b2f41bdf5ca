"""Where there is voice: clean-up of what the pitch tracker says."""

import numpy as np

from voxproof.features.mel import Floats

_SHORTEST_VOICED = 3  # frames: shorter voiced stretches are errors of the pitch tracker


def without_blips(f0: Floats) -> Floats:
    """Pitch `(frames,)` in Hz without voiced stretches of under three frames."""
    voiced = np.concatenate([[False], f0 > 0, [False]])
    starts = np.flatnonzero(voiced[1:] & ~voiced[:-1])
    ends = np.flatnonzero(~voiced[1:] & voiced[:-1])
    out = f0.copy()
    for start, end in zip(starts, ends, strict=True):
        if end - start < _SHORTEST_VOICED:
            out[start:end] = 0.0
    return out
