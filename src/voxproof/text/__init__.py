"""Text to what is spoken: sentences, numbers and abbreviations to words, words to phonemes."""

from voxproof.text.phonemes import phonemes
from voxproof.text.symbols import SYMBOLS, encode, unknown_symbols

__all__ = ["SYMBOLS", "encode", "phonemes", "unknown_symbols"]
