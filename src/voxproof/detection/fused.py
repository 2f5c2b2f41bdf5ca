"""Detectors added up: what one overlooks another may notice."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from voxproof.detection.detector import detectors
from voxproof.detection.texture import TextureConfig, TextureDetector
from voxproof.detection.windowed import WindowConfig, WindowedDetector
from voxproof.errors import ModelError
from voxproof.features.mel import Floats
from voxproof.models import Card, load_card

Scored = tuple[NDArray[np.float64], NDArray[np.float64]]


class Partner(BaseModel):
    """Another detector whose scores are added."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: str = Field(description="beside this card, with the other detector's card; it must score windows")
    weight: float = Field(gt=0, description="of its raw scores; this card's own have 1")


class FusedConfig(TextureConfig):
    """`config` of a card with the engine `fused`."""

    partners: tuple[Partner, ...] = Field(min_length=1)


@detectors.register("fused")
class FusedDetector(TextureDetector):
    """A detector by texture and partners of any windowed kind: `raw = own + sum of weight * partner`."""

    config_class: ClassVar[type[WindowConfig]] = FusedConfig

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        assert isinstance(self.config, FusedConfig)
        if card.folder is None:
            raise ModelError(f"card {card.name}: it has no folder, and so no partners")
        self.partners: list[tuple[WindowedDetector, float]] = []
        for one in self.config.partners:
            other = load_card(card.folder / one.folder)
            partner = detectors.get(other.engine)(other)
            if not isinstance(partner, WindowedDetector):
                raise ModelError(f"card {card.name}: its partner {partner.name} scores no windows")
            self.partners.append((partner, one.weight))

    def raw_scores(self, samples: Floats) -> Scored:
        """Times of this card's windows and the sums of scores; see `WindowedDetector.raw_scores`."""
        times, scores = super().raw_scores(samples)
        for partner, weight in self.partners:
            scores = scores + weight * heard_in(times, partner.raw_scores(samples))
        return times, scores


def heard_in(times: NDArray[np.float64], theirs: Scored) -> NDArray[np.float64]:
    """What another detector says of each window of `times` `(n, 2)`: `(n,)`, zeros if it heard nothing.

    To a window belongs the mean of those of the other's whose middle lies in it, or the nearest of them.
    """
    their_times, their_scores = theirs
    if not len(times) or not len(their_scores):
        return np.zeros(len(times))
    middles = their_times.mean(1)
    inside = (middles >= times[:, :1]) & (middles <= times[:, 1:])
    nearest = np.abs(middles - times.mean(1)[:, None]).argmin(1)
    inside[np.arange(len(times)), nearest] |= ~inside.any(1)
    said: NDArray[np.float64] = (inside @ their_scores) / inside.sum(1)
    return said
