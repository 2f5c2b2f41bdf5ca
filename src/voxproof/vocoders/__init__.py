"""Mel (and pitch) to waveform."""

from voxproof.vocoders import griffinlim, pulsar  # noqa: F401 (they register themselves)
from voxproof.vocoders.base import DEFAULT, Vocoder, load_vocoder, vocoders

__all__ = ["DEFAULT", "Vocoder", "load_vocoder", "vocoders"]
