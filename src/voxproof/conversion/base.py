"""What every converter is: speech of one voice to the same speech in another."""

from abc import ABC, abstractmethod

from voxproof.features.mel import MEL, Floats, MelSpec
from voxproof.models import load_engine
from voxproof.registry import Registry
from voxproof.synthesis import SpokenMel


class Converter(ABC):
    """One engine. `spec` says which mel it makes; a vocoder turns that into sound."""

    name: str
    spec: MelSpec = MEL
    encoders: tuple[str, ...]

    @abstractmethod
    def convert(self, samples: Floats, embedding: Floats, *, register: float) -> SpokenMel:
        """Samples at `spec.rate`, float32 `(n,)`, said again in the voice of `embedding`.

        `register` is the target's median pitch in Hz. The result has the source's timing.
        """


converters: Registry[Converter] = Registry("converter", "voxproof.converters")
DEFAULT = "ppg"


def load_converter(name: str = DEFAULT) -> Converter:
    """The converter whose card has that name."""
    return load_engine(converters, "converter", name)
