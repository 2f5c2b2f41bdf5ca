"""Mel (and pitch) to waveform."""

from voxproof.vocoders import griffinlim, pulsar, waveglow, wavenet  # noqa: F401 (they register themselves)
from voxproof.vocoders.base import DEFAULT, Vocoder, load_vocoder, vocoder_names, vocoders

__all__ = ["DEFAULT", "Vocoder", "load_vocoder", "vocoder_names", "vocoders"]
