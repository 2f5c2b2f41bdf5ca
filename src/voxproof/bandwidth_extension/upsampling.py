"""16 kHz to 24 kHz by a windowed sinc whose pass band ends later than a general resampler's.

soxr's high quality setting begins to fall at 7.3 kHz, where the band that is added does not begin yet. Here the pass
band (0.1 dB) ends at 7.8 kHz and the stop band (-80 dB) begins at 8.2 kHz. Both rates meet every two samples of the
one and three of the other, so the filter is three filters, one a phase.
"""

from functools import cache

import numpy as np

from voxproof.features.mel import Floats

REACH = 112  # samples at 16 kHz, 7 ms, that an output sample depends on to either side
_GROUP = 16  # pairs of inputs that one row of a product makes the outputs of
_BETA = 8.5  # of Kaiser's window: 85 dB


@cache
def phases() -> Floats:
    """`(2 * REACH, 3)`: what the input samples are multiplied with for the outputs at 0, 2/3 and 4/3 samples."""
    tap = np.arange(2 * REACH) - (REACH - 1)
    distance = tap[:, None] - np.arange(3)[None] * (2 / 3)
    inside = np.maximum(0.0, 1.0 - (distance / REACH) ** 2)
    filters = np.sinc(distance) * np.i0(_BETA * np.sqrt(inside)) * (inside > 0)
    scaled: Floats = (filters / filters.sum(0)).astype(np.float32)
    return scaled


@cache
def _together() -> Floats:
    """`phases` for `_GROUP` pairs of inputs at once, `(2 * REACH + 2 * _GROUP - 2, 3 * _GROUP)`.

    A product with so narrow a matrix as `phases` would spend its time on copying windows.
    """
    filters = np.zeros((2 * (REACH + _GROUP - 1), 3 * _GROUP), np.float32)
    for pair in range(_GROUP):
        filters[2 * pair : 2 * pair + 2 * REACH, 3 * pair : 3 * pair + 3] = phases()
    return filters


def upsample(samples: Floats) -> Floats:
    """`(2 * REACH + 2 * n - 2,)` at 16 kHz to `(3 * n,)` at 24 kHz, of which the first is at sample `REACH - 1`."""
    count = (len(samples) - 2 * REACH) // 2 + 1
    padded = np.pad(np.asarray(samples, np.float32), (0, 2 * (-count % _GROUP)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(_together()))[:: 2 * _GROUP]
    # Copied: a product with rows that overlap would not be BLAS's, and ten times slower.
    made: Floats = (np.ascontiguousarray(windows) @ _together()).ravel()[: 3 * count]
    return made
