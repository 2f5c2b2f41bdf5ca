"""The mark on every clone and conversion: what it is to all, whatever carries it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from voxproof.audio import Audio
from voxproof.registry import Registry

DEFAULT_KEY = b"voxproof"  # public: everybody may read the mark. A service that must not be imitated takes its own key.


@dataclass(frozen=True)
class MarkReading:
    """What was found in a sound.

    `score` is a z-score: how many standard deviations the sound correlates with the best of all patterns; it is a mark
    (`present`) from `threshold` on. `payload` is the 16-bit number that it carries, None if there is no mark or its
    payload is unsure. `speed` is how much faster than when it was marked the sound runs (1.02: 2 % faster).
    """

    present: bool
    payload: int | None
    score: float
    threshold: float
    speed: float = 1.0

    def __str__(self) -> str:
        if not self.present:
            return "no Voxproof watermark"
        number = f"number {self.payload:04x}" if self.payload is not None else "number not readable"
        return f"Voxproof watermark, {number}"


class Watermark(ABC):
    """A mark that carries 16 bits."""

    name: str

    @abstractmethod
    def embed(self, audio: Audio, payload: int, key: bytes) -> Audio:
        """The marked sound: as long as given or, where that is too short for a mark, with a quiet tail.

        The answer has been read back. Raises `VoxproofError` where no mark holds.
        """

    @abstractmethod
    def read(self, audio: Audio, key: bytes) -> MarkReading:
        """What mark of this kind and key the sound carries. Never raises for sound without one."""


watermarks: Registry[Watermark] = Registry("watermark", "voxproof.watermarks")
