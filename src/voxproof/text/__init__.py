"""Text to what is spoken: sentences, numbers and abbreviations to words, words to phonemes."""

from voxproof.text.phonemes import phonemes
from voxproof.text.plan import Utterance, plan
from voxproof.text.sentences import sentences
from voxproof.text.spoken import Spoken, normalise, spoken
from voxproof.text.symbols import SYMBOLS, encode, unknown_symbols

__all__ = [
    "SYMBOLS",
    "Spoken",
    "Utterance",
    "encode",
    "normalise",
    "phonemes",
    "plan",
    "sentences",
    "spoken",
    "unknown_symbols",
]
