"""Halo at work: a network says how loud each band above 8 kHz is, from what it hears below."""

import numpy as np

from voxproof.bandwidth_extension import spectrum
from voxproof.bandwidth_extension.base import extensions
from voxproof.bandwidth_extension.blocks import BlockwiseExtension
from voxproof.errors import ModelError
from voxproof.features.mel import Floats
from voxproof.models import Card, load_card, open_session


@extensions.register("halo")
class Halo(BlockwiseExtension):
    """The graph (`voxproof.networks.halo`) takes `bands` `(1, frames, 32)` and gives `gains` `(1, frames, 16)`."""

    card: Card

    def __init__(self, card: Card | None = None) -> None:
        self.card = card or load_card("halo")
        self.name = self.card.name
        self._session = open_session(self.card)
        puts = (self._session.get_inputs(), self._session.get_outputs())
        shapes = [[(put.name, put.shape[-1]) for put in side] for side in puts]
        if shapes != [[("bands", spectrum.LOW_BANDS)], [("gains", spectrum.HIGH_BANDS)]]:
            raise ModelError(
                f"card {self.name}: the graph must make 'gains' of {spectrum.HIGH_BANDS} bands from 'bands' of "
                f"{spectrum.LOW_BANDS}; it has {shapes}"
            )
        try:
            self.context = int(self.card.config["context"])
        except (KeyError, TypeError, ValueError):
            raise ModelError(f"card {self.name}: config.context must be a number of frames") from None

    @property
    def parameters(self) -> int:
        """As its card says."""
        return int(self.card.config.get("parameters", 0))

    def gains(self, bands: Floats) -> Floats | None:
        """See `BlockwiseExtension.gains`."""
        return np.asarray(self._session.run(["gains"], {"bands": bands[None]})[0][0], np.float32)
