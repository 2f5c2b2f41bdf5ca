"""What every synthesizer is: phonemes and a voice to mel and pitch."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxproof.errors import TextError
from voxproof.features.mel import MEL, Floats, MelSpec
from voxproof.models import load_engine
from voxproof.registry import Registry
from voxproof.text import encode

_LONGEST_SYMBOLS = 1_000


@dataclass(frozen=True)
class SpokenMel:
    """What a synthesizer makes: log-mel `(n_mels, frames)` and pitch `(frames,)` in Hz, 0 where unvoiced."""

    mel: Floats
    f0: Floats


class Synthesizer(ABC):
    """One engine. `spec` says which mel it makes, `encoders` whose embeddings it understands."""

    name: str
    spec: MelSpec = MEL
    encoders: tuple[str, ...]

    @abstractmethod
    def synthesize(
        self, phonemes: str, embedding: Floats, *, register: float, speed: float = 1.0, seed: int = 0
    ) -> SpokenMel:
        """Say `phonemes` (of `voxproof.text.phonemes`) in the voice of a unit-norm `embedding` `(dim,)`.

        `register` is the speaker's median pitch in Hz, `speed` a factor on the rate of speech. The same seed gives the
        same mel.
        """


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


synthesizers: Registry[Synthesizer] = Registry("synthesizer", "voxproof.synthesizers")
DEFAULT = "cantor"


def load_synthesizer(name: str = DEFAULT) -> Synthesizer:
    """The synthesizer whose card has that name."""
    return load_engine(synthesizers, "synthesizer", name)
