"""Mel (and pitch) to waveform."""

from voxproof.vocoders import griffinlim, onnx, pulsar, waveglow, wavenet  # noqa: F401 (they register themselves)
from voxproof.vocoders.base import DEFAULT, Vocoder, load_vocoder, vocoder_names, vocoders
from voxproof.vocoders.streaming import stream

__all__ = ["DEFAULT", "Vocoder", "load_vocoder", "stream", "vocoder_names", "vocoders"]
