"""What every cloner is: text and a voice to sound, sentence by sentence."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

import numpy as np

from voxproof.audio import Audio
from voxproof.cloners.timing import TimedPiece
from voxproof.errors import VoxproofError
from voxproof.models import Card
from voxproof.registry import Registry
from voxproof.speakers import Voice
from voxproof.text import Pronunciations
from voxproof.text.prosody import FASTEST, SLOWEST


class Cloner(ABC):
    """One engine. `cards` are those of the models that take part; the manifest names them.

    `times_phonemes`: its `timed_stream` says where each phoneme lies.
    """

    name: str
    rate: int
    cards: tuple[Card, ...] = ()
    times_phonemes: bool = False

    @abstractmethod
    def stream(
        self,
        text: str,
        voice: Voice,
        *,
        speed: float = 1.0,
        seed: int = 0,
        pronunciations: Pronunciations | None = None,
    ) -> Iterator[Audio]:
        """The text in that voice, as pieces that follow each other without a gap (pauses are in the pieces).

        The text is plain or SSML; `voxproof.text.plan` reads both. What an engine cannot do of it (prosody, breaks,
        pronunciations) it leaves out with a `UserWarning`. All pieces have one level, but for the volume that SSML asks
        for. Raises `TextError` before the first piece if nothing can be spoken, and `VoxproofError` if the voice is not
        of a kind that the engine can speak in. Nothing here is marked: `voxproof.api` does that.
        """

    def timed_stream(
        self,
        text: str,
        voice: Voice,
        *,
        speed: float = 1.0,
        seed: int = 0,
        pronunciations: Pronunciations | None = None,
    ) -> Iterator[TimedPiece]:
        """The pieces of `stream`, each with its phonemes: from its beginning to its end, the pause behind the last one.

        An engine that does not know where they lie leaves this as it is, and its pieces have none.
        """
        stream = self.stream(text, voice, speed=speed, seed=seed, pronunciations=pronunciations)
        return (TimedPiece(piece) for piece in stream)

    def clone(
        self,
        text: str,
        voice: Voice,
        *,
        speed: float = 1.0,
        seed: int = 0,
        pronunciations: Pronunciations | None = None,
    ) -> Audio:
        """All pieces of `stream` as one."""
        stream = self.stream(text, voice, speed=speed, seed=seed, pronunciations=pronunciations)
        pieces = [piece.samples for piece in stream]
        return Audio(np.concatenate(pieces), self.rate)


def check_speed(speed: float) -> None:
    """`VoxproofError` for a rate of speech that no engine can keep intelligible."""
    if not SLOWEST <= speed <= FASTEST:
        raise VoxproofError(
            f"a speed of {speed} is out of bounds: {SLOWEST} (half as fast) to {FASTEST} (twice as fast)"
        )


cloners: Registry[Cloner] = Registry("cloner", "voxproof.cloners")
DEFAULT = "native"


def load_cloner(name: str = DEFAULT) -> Cloner:
    """The cloner registered under that name; `ModelError` lists the names there are.

    `SYNTHESIZER+VOCODER` is the native one with these two, each by its name or by the folder of its card.
    """
    synthesizer, plus, vocoder = name.partition("+")
    if plus:
        return cloners.get(DEFAULT)(synthesizer, vocoder)  # type: ignore[call-arg]
    return cloners.get(name)()
