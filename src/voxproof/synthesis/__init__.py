"""Phonemes and a voice to mel and pitch."""

from voxproof.synthesis import cantor, fastspeech2, tacotron2  # noqa: F401 (they register themselves)
from voxproof.synthesis.base import DEFAULT, Factor, SpokenMel, Synthesizer, load_synthesizer, synthesizers
from voxproof.synthesis.controls import Controls

__all__ = ["DEFAULT", "Controls", "Factor", "SpokenMel", "Synthesizer", "load_synthesizer", "synthesizers"]
