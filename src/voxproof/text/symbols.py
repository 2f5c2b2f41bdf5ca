"""The table of symbols that every model of ours is trained on: frozen, for a weight's row is a symbol's index.

It holds what espeak-ng's American English says over 8,200 transcripts and over every Latin letter; index 0 pads.
"""

import logging

import numpy as np
from numpy.typing import NDArray

PADDING = "_"

SYMBOLS: tuple[str, ...] = (
    PADDING, " ", "!", ",", ".", ":", ";", "?",
    "a", "b", "d", "e", "f", "h", "i", "j", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "v", "w", "z",
    "æ", "ç", "ð", "ŋ", "ɐ", "ɑ", "ɔ", "ə", "ɚ", "ɛ", "ɜ", "ɡ", "ɪ", "ɹ", "ɾ", "ʃ", "ʊ", "ʌ", "ʒ", "ʔ",
    "ˈ", "ˌ", "ː", "\u0329", "θ", "ᵻ",
)  # fmt: skip

_INDEX = {symbol: index for index, symbol in enumerate(SYMBOLS) if symbol != PADDING}
_log = logging.getLogger(__name__)


def unknown_symbols(phonemes: str) -> list[str]:
    """The characters of a string of phonemes that the table lacks, each once, in order of appearance."""
    return [symbol for symbol in dict.fromkeys(phonemes) if symbol not in _INDEX]


def encode(phonemes: str) -> NDArray[np.int64]:
    """Indices into `SYMBOLS`, int64 [symbols]; what the table lacks is dropped and the drop is logged as a warning."""
    unknown = unknown_symbols(phonemes)
    if unknown:
        _log.warning(
            "dropped %s: not among the %d symbols of the phoneme table", ", ".join(map(repr, unknown)), len(SYMBOLS)
        )
    return np.array([_INDEX[symbol] for symbol in phonemes if symbol in _INDEX], dtype=np.int64)
