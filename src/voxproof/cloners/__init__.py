"""Text and a voice to sound: our own engine, and other people's."""

from voxproof.cloners import native  # noqa: F401 (it registers itself)
from voxproof.cloners.base import DEFAULT, Cloner, cloners, load_cloner
from voxproof.cloners.extended import ExtendedCloner, at_rate
from voxproof.cloners.timing import TimedPhoneme, TimedPiece

__all__ = [
    "DEFAULT",
    "Cloner",
    "ExtendedCloner",
    "TimedPhoneme",
    "TimedPiece",
    "at_rate",
    "cloners",
    "load_cloner",
]
