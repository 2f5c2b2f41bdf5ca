"""Speech of one voice to the same speech in another."""

from voxproof.conversion import ppg  # noqa: F401 (it registers itself)
from voxproof.conversion.base import DEFAULT, Converter, converters, load_converter

__all__ = ["DEFAULT", "Converter", "converters", "load_converter"]
