"""Two detectors that hear the same windows, added up: what one overlooks the other may notice."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from voxproof.detection.detector import detectors, load_detector
from voxproof.detection.texture import TextureConfig, TextureDetector
from voxproof.detection.windowed import WindowConfig, WindowedDetector
from voxproof.errors import ModelError
from voxproof.features.mel import Floats
from voxproof.models import Card


class FusedConfig(TextureConfig):
    """`config` of a card with the engine `fused`."""

    partner: str = Field(description="the card of the other detector, whose windows are as long and as far apart")
    partner_weight: float = Field(gt=0, description="of its raw scores; this card's own have 1")


@detectors.register("fused")
class FusedDetector(TextureDetector):
    """A detector by texture and a partner of any windowed kind: `raw = own + partner_weight * partner`."""

    config_class: ClassVar[type[WindowConfig]] = FusedConfig

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        assert isinstance(self.config, FusedConfig)
        partner = load_detector(self.config.partner)
        if not isinstance(partner, WindowedDetector) or (partner.window, partner.hop) != (self.window, self.hop):
            raise ModelError(f"card {card.name}: {partner.name} does not score windows of the same length and step")
        self.partner, self.weight = partner, self.config.partner_weight

    def raw_scores(self, samples: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Times and summed raw scores; see `WindowedDetector.raw_scores`."""
        times, own = super().raw_scores(samples)
        return times, own + self.weight * self.partner.raw_scores(samples)[1]
