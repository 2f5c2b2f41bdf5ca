"""Any cloner at 16 kHz with a stage behind it that makes 24 kHz of what it says."""

from collections.abc import Iterator

from voxproof.audio import Audio
from voxproof.bandwidth_extension import BandwidthExtension, load_extension
from voxproof.cloners.base import Cloner
from voxproof.errors import VoxproofError
from voxproof.models import Card
from voxproof.speakers import Voice
from voxproof.text import Pronunciations


class ExtendedCloner(Cloner):
    """Speaks as `cloner` does, piece by piece, at `extension.rate`; the manifest names the extension's card too."""

    def __init__(self, cloner: Cloner, extension: BandwidthExtension | None = None) -> None:
        self._cloner = cloner
        self._extension = extension or load_extension()
        if cloner.rate != self._extension.source_rate:
            raise VoxproofError(
                f"{cloner.name} speaks at {cloner.rate} Hz, and {self._extension.name} extends "
                f"{self._extension.source_rate} Hz"
            )
        self.name = cloner.name
        self.rate = self._extension.rate
        own: tuple[Card, ...] = (self._extension.card,) if self._extension.card is not None else ()
        self.cards = (*cloner.cards, *own)

    def stream(
        self,
        text: str,
        voice: Voice,
        *,
        speed: float = 1.0,
        seed: int = 0,
        pronunciations: Pronunciations | None = None,
    ) -> Iterator[Audio]:
        """See `Cloner.stream`."""
        pieces = self._cloner.stream(text, voice, speed=speed, seed=seed, pronunciations=pronunciations)
        # Pieces begin and end in silence, so each is extended alone and keeps its place in the text.
        return (self._extension.extended(piece) for piece in pieces)


def at_rate(cloner: Cloner, rate: int | None) -> Cloner:
    """The cloner itself or an extended one, whichever speaks at `rate` (Hz); `VoxproofError` if none does.

    Where no rate is asked for, a cloner that can be extended is.
    """
    if rate == cloner.rate:
        return cloner
    extension = load_extension()
    if rate is None:
        return ExtendedCloner(cloner, extension) if cloner.rate == extension.source_rate else cloner
    if (cloner.rate, rate) != (extension.source_rate, extension.rate):
        raise VoxproofError(
            f"{cloner.name} speaks at {cloner.rate} Hz; of that {extension.rate} Hz can be made, not {rate} Hz"
            if cloner.rate == extension.source_rate
            else f"{cloner.name} speaks at {cloner.rate} Hz and at no other rate"
        )
    return ExtendedCloner(cloner, extension)
