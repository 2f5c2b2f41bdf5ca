"""Phonemes and a voice to mel and pitch."""

from voxproof.synthesis import cantor  # noqa: F401 (it registers itself)
from voxproof.synthesis.base import DEFAULT, Factor, SpokenMel, Synthesizer, load_synthesizer, synthesizers

__all__ = ["DEFAULT", "Factor", "SpokenMel", "Synthesizer", "load_synthesizer", "synthesizers"]
