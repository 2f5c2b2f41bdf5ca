"""What synthesizers that run our graphs share: what goes in, and how mel and pitch come out."""

import numpy as np
from numpy.typing import NDArray

from voxproof.errors import TextError
from voxproof.features.mel import Floats
from voxproof.models import Card
from voxproof.synthesis.base import SpokenMel, Synthesizer
from voxproof.synthesis.melody import hertz
from voxproof.text import encode

_LONGEST_SYMBOLS = 1_000


class GraphSynthesizer(Synthesizer):
    """A synthesizer with a card, whose config says `encoders`, `mel_mean` and `mel_scale`."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.name = card.name
        self.encoders = tuple(card.config["encoders"])
        self.mel_mean, self.mel_scale = float(card.config["mel_mean"]), float(card.config["mel_scale"])

    def spoken(
        self,
        mel: Floats,
        relative: Floats,
        voiced: NDArray[np.bool_],
        register: float,
        symbols: NDArray[np.int64] | None = None,
    ) -> SpokenMel:
        """From a normalised mel `(frames, n_mels)`, what `melody` gives, and which symbol each frame belongs to."""
        heard = (mel.T * self.mel_scale + self.mel_mean).astype(np.float32)
        return SpokenMel(heard, hertz(relative, voiced, register), symbols)


def symbols_of(phonemes: str) -> NDArray[np.int64]:
    """Indices of the phonemes of one utterance, `(symbols,)`; `TextError` if there are none or more than 1,000."""
    symbols = encode(phonemes)
    if len(symbols) == 0:
        raise TextError("there is nothing to say: no phoneme in the text")
    if len(symbols) > _LONGEST_SYMBOLS:
        raise TextError(f"{len(symbols)} phonemes are too many for one utterance: split the text into sentences")
    return symbols


def speaker_feeds(embedding: Floats, register: float) -> dict[str, Floats]:
    """What the graphs are told of the speaker: `embedding` `(1, dim)` and `register` `(1,)`, the log of Hz."""
    return {
        "embedding": np.asarray(embedding, np.float32)[None],
        "register": np.log(np.array([register], np.float32)),
    }
