"""What every bandwidth extension is: 16 kHz speech to 24 kHz speech, the band below 8 kHz untouched."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

import numpy as np

from voxproof.audio import Audio
from voxproof.errors import AudioError
from voxproof.features.mel import Floats
from voxproof.models import Card, cards, load_engine
from voxproof.registry import Registry

SOURCE_RATE = 16_000  # Hz
RATE = 24_000  # Hz


class BandwidthExtension(ABC):
    """One engine. What it adds lies above 8 kHz; digital silence stays digital silence."""

    name: str
    source_rate: int = SOURCE_RATE
    rate: int = RATE
    card: Card | None = None

    @abstractmethod
    def stream(self, pieces: Iterable[Floats]) -> Iterator[Floats]:
        """Pieces of one signal at `source_rate`, each `(n,)` of any length, as pieces of it at `rate` in [-1, 1].

        Together these are the very samples of `extend`, however the signal was cut: `(round(n * 3 / 2),)`, float32.
        """

    def extend(self, samples: Floats) -> Floats:
        """All pieces of `stream` as one: float32 `(round(n * 3 / 2),)` at `rate` of `(n,)` at `source_rate`."""
        return np.concatenate([np.zeros(0, np.float32), *self.stream([samples])])

    def extended(self, audio: Audio) -> Audio:
        """The sound at `rate`; `AudioError` if it is not at `source_rate`."""
        if audio.rate != self.source_rate:
            raise AudioError(f"{self.name} extends speech at {self.source_rate} Hz, not at {audio.rate} Hz")
        return Audio(self.extend(audio.samples), self.rate, audio.manifest)

    @property
    def parameters(self) -> int:
        """Number of trained values; 0 for signal processing."""
        return 0


extensions: Registry[BandwidthExtension] = Registry("bandwidth extension", "voxproof.bandwidth_extensions")
DEFAULT = "halo"


def load_extension(name: str = DEFAULT) -> BandwidthExtension:
    """The extension of that name: a card of kind `bandwidth-extension`, or an engine that needs no card."""
    return load_engine(extensions, "bandwidth-extension", name)


def extension_names() -> list[str]:
    """All names that `load_extension` takes."""
    return list(dict.fromkeys([*extensions.names(), *(card.name for card in cards("bandwidth-extension"))]))
