"""Nothing above 8 kHz: a change of rate alone, below which no extension should fall."""

from voxproof.bandwidth_extension.base import extensions
from voxproof.bandwidth_extension.blocks import BlockwiseExtension
from voxproof.features.mel import Floats


@extensions.register("resampled")
class Resampled(BlockwiseExtension):
    """The lower band at 24 kHz."""

    def __init__(self) -> None:
        self.name = "resampled"

    def gains(self, bands: Floats) -> Floats | None:
        """See `BlockwiseExtension.gains`."""
        return None
