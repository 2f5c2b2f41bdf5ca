"""The base class of speaker encoders and how one is loaded by name."""

from abc import ABC, abstractmethod
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio
from voxproof.errors import AudioError, ModelError
from voxproof.models import Card, load_card
from voxproof.registry import Registry

Floats = NDArray[np.float32]

CONDITIONING = "voice-encoder"
"""The encoder whose embeddings condition synthesis and conversion. It never judges a clone."""
JUDGE = "judge"
"""The encoder that judges how alike two voices are. It never conditions."""

SHORTEST_SECONDS = 0.1
SILENCE = 1e-5  # a peak below it holds no voice


class SpeakerEncoder(ABC):
    """Speech -> one vector of length one that says whose voice it is.

    An engine is a subclass that is registered in `encoders` and is made from the card of its weights.
    """

    rate: int = 16_000  # Hz, of the samples that `_embed` gets
    different_below: float | None = None
    """Cosine under which two halves of one recording, seconds each, are very different voices; None: not known."""

    def __init__(self, card: Card) -> None:
        self.card = card

    @property
    def name(self) -> str:
        """The card's name."""
        return self.card.name

    @property
    @abstractmethod
    def dim(self) -> int:
        """Length of an embedding."""

    def embed(self, audio: Audio) -> Floats:
        """The embedding of a whole clip, float32 `(dim,)`, length one.

        Raises `AudioError` for under 0.1 s of sound and for digital silence, of which no voice can be told.
        """
        if audio.duration < SHORTEST_SECONDS:
            raise AudioError(f"{audio.duration:.2f} s of sound are too short to tell a voice by; give a second or more")
        if float(np.abs(audio.samples).max()) < SILENCE:
            raise AudioError("the sound is silent, so it holds no voice")
        embedding = self._embed(audio.resampled(self.rate).samples)
        norm = float(np.linalg.norm(embedding))
        if not np.isfinite(norm) or norm < 1e-6:
            raise AudioError(f"the encoder {self.name} finds no voice in the sound")
        return (embedding / norm).astype(np.float32)

    @abstractmethod
    def _embed(self, samples: Floats) -> Floats:
        """The embedding of samples at `self.rate`, float32 `(dim,)`; the caller scales it to length one."""


encoders: Registry[SpeakerEncoder] = Registry("speaker encoder", "voxproof.speaker_encoders")


@lru_cache(maxsize=8)
def load_encoder(name: str = CONDITIONING) -> SpeakerEncoder:
    """The encoder of the card called `name`; it is kept for the process.

    Raises `ModelError` when there is no such card, when the card is of something else, or when its weights are missing.
    """
    card = load_card(name)
    if card.kind != "speaker-encoder":
        raise ModelError(f"{name} is a {card.kind}, not a speaker-encoder")
    return encoders.get(card.engine)(card)
