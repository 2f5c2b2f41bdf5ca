"""What every synthesizer is: phonemes and a voice to mel and pitch."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from voxproof.features.mel import MEL, Floats, MelSpec
from voxproof.models import load_engine
from voxproof.registry import Registry


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


synthesizers: Registry[Synthesizer] = Registry("synthesizer", "voxproof.synthesizers")
DEFAULT = "cantor"


def load_synthesizer(name: str = DEFAULT) -> Synthesizer:
    """The synthesizer whose card has that name."""
    return load_engine(synthesizers, "synthesizer", name)
