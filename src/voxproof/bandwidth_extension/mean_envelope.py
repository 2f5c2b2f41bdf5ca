"""The simplest extension that adds something: the mirrored band in the mean shape of 8 to 12 kHz, whatever is said."""

import numpy as np

from voxproof.bandwidth_extension.base import extensions
from voxproof.bandwidth_extension.blocks import BlockwiseExtension
from voxproof.features.mel import Floats

# Mean log amplitude of each band over that of the band which it mirrors, over the clips that `halo` learned from, as
# `voxproof.training.pack_wideband` prints it.
MEAN_GAINS = (
    0.01,
    -0.05,
    -0.08,
    -0.05,
    0.02,
    -0.02,
    -0.11,
    -0.20,
    -0.26,
    -0.35,
    -0.48,
    -0.66,
    -0.88,
    -1.20,
    -1.71,
    -2.80,
)


@extensions.register("mean-envelope")
class MeanEnvelope(BlockwiseExtension):
    """What a network has to beat: always the same gains."""

    def __init__(self) -> None:
        self.name = "mean-envelope"

    def gains(self, bands: Floats) -> Floats | None:
        """See `BlockwiseExtension.gains`."""
        return np.tile(np.array(MEAN_GAINS, np.float32), (len(bands), 1))
