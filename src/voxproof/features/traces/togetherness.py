"""How the levels of bands rise and fall together.

In speech one source drives all bands, with its own delays and noise in each; generators draw bands from one smooth
decoder, or fill the upper ones on their own.
"""

import numpy as np

from voxproof.features.traces.planes import Doubles
from voxproof.features.traces.pooling import correlations, pairs


def together(levels: Doubles) -> Doubles:
    """Correlations of the steps of level of all pairs of bands: `(frames, bands) -> (bands * (bands - 1) / 2,)`."""
    return pairs(correlations(np.diff(levels, axis=0)))


def following(levels: Doubles) -> Doubles:
    """Correlations of each band's step with every band's step before: `(frames, bands) -> (bands**2,)`."""
    steps = np.diff(levels, axis=0)
    bands = steps.shape[1]
    both = correlations(np.concatenate([steps[1:], steps[:-1]], axis=1))
    return both[:bands, bands:].ravel()
