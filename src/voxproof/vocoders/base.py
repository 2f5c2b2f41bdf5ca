"""What every vocoder is: mel and pitch to waveform."""

from abc import ABC, abstractmethod
from typing import ClassVar

from voxproof.features.mel import MEL, Floats, MelSpec
from voxproof.models import cards, load_engine
from voxproof.registry import Registry


class Vocoder(ABC):
    """One engine. `spec` says which mel it takes.

    `context` is how many frames before and after its own a sample depends on; None where it may be all of them, or
    where the seed matters.
    """

    name: str
    spec: MelSpec = MEL
    context: int | None = None
    needs_card: ClassVar[bool] = False  # an engine that is nothing without the name of a model

    @abstractmethod
    def vocode(self, mel: Floats, f0: Floats | None = None, *, seed: int = 0) -> Floats:
        """Waveform at `spec.rate`, float32 `((frames - 1) * hop,)`, from log-mel `(n_mels, frames)`.

        `f0` `(frames,)` in Hz, 0 where unvoiced; an engine that needs none ignores it, and one that needs it takes
        speech without pitch for a whisper. The same seed gives the same samples.
        """

    @property
    def parameters(self) -> int:
        """Number of trained values; 0 for signal processing."""
        return 0


vocoders: Registry[Vocoder] = Registry("vocoder", "voxproof.vocoders")
DEFAULT = "pulsar"


def load_vocoder(name: str = DEFAULT) -> Vocoder:
    """The vocoder of that name: a card of kind `vocoder`, or an engine that needs no card."""
    return load_engine(vocoders, "vocoder", name)


def vocoder_names() -> list[str]:
    """All names that `load_vocoder` takes: of engines that need no card, and of cards."""
    engines = [name for name in vocoders.names() if not vocoders.get(name).needs_card]
    return list(dict.fromkeys([*engines, *(card.name for card in cards("vocoder"))]))
