"""Two detectors added up: what one overlooks the other may notice."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from voxproof.detection.detector import detectors
from voxproof.detection.texture import TextureConfig, TextureDetector
from voxproof.detection.windowed import WindowConfig, WindowedDetector
from voxproof.errors import ModelError
from voxproof.features.mel import Floats
from voxproof.models import Card, load_card


class FusedConfig(TextureConfig):
    """`config` of a card with the engine `fused`."""

    partner: str = Field(description="folder beside this card with that of the other detector, which scores windows")
    partner_weight: float = Field(gt=0, description="of its raw scores; this card's own have 1")


@detectors.register("fused")
class FusedDetector(TextureDetector):
    """A detector by texture and a partner of any windowed kind: `raw = own + partner_weight * partner`."""

    config_class: ClassVar[type[WindowConfig]] = FusedConfig

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        assert isinstance(self.config, FusedConfig)
        if card.folder is None:
            raise ModelError(f"card {card.name}: it has no folder, and so no partner")
        other = load_card(card.folder / self.config.partner)
        partner = detectors.get(other.engine)(other)
        if not isinstance(partner, WindowedDetector):
            raise ModelError(f"card {card.name}: its partner {partner.name} scores no windows")
        self.partner, self.weight = partner, self.config.partner_weight

    def raw_scores(self, samples: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Times of this card's windows and their summed scores; see `WindowedDetector.raw_scores`.

        To a window belongs the mean of the partner's windows whose middle lies in it, or the nearest of them.
        """
        times, own = super().raw_scores(samples)
        their_times, theirs = self.partner.raw_scores(samples)
        if not len(own) or not len(theirs):
            return times, own
        middles = their_times.mean(1)
        inside = (middles >= times[:, :1]) & (middles <= times[:, 1:])
        nearest = np.abs(middles - times.mean(1)[:, None]).argmin(1)
        inside[np.arange(len(own)), nearest] |= ~inside.any(1)
        return times, own + self.weight * (inside @ theirs) / inside.sum(1)
