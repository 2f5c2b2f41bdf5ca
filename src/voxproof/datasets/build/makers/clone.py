"""A text in the voice of the row's speaker."""

import numpy as np

from voxproof.audio import Audio
from voxproof.cloners import load_cloner
from voxproof.datasets.build.makers.base import Made, Maker, maker
from voxproof.datasets.build.makers.sealing import payload, sealed
from voxproof.datasets.build.makers.sounds import voice_of
from voxproof.datasets.build.orders import CloneOrder
from voxproof.datasets.build.plan import Plan
from voxproof.datasets.build.units import Unit
from voxproof.errors import TextError
from voxproof.text import as_sentence, is_ssml


@maker("clone")
class CloneMaker(Maker):
    """By any cloner, at its own rate and then at the set's."""

    family = "tts"

    def __init__(self, order: CloneOrder, plan: Plan) -> None:
        super().__init__(order, plan)
        self._cloner = load_cloner(order.engine)
        self.engine = order.engine
        self.cards = self._cloner.cards

    def make(self, unit: Unit) -> Made:
        """See `Maker.make`."""
        voice, source = voice_of(unit.voice or (unit.sound,))
        text = unit.text if is_ssml(unit.text) else as_sentence(unit.text)
        pieces = self._cloner.stream(text, voice, seed=unit.seed)
        spoken = [piece.samples for piece in pieces]
        if not spoken:
            raise TextError("there is nothing to say in this text")
        said = Audio(np.concatenate(spoken), self._cloner.rate)
        audio = sealed(said, "clone", self, unit, voice, (source,))
        return Made(audio, {"text": unit.text}, {"watermark": payload(audio)}, voice.notes)
