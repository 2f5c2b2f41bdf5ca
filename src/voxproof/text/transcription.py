"""IPA as dictionaries print it to our symbols: `həˈloʊ` is `həlˈoʊ`.

Our models know phonemes as espeak-ng's American English writes them: the mark of stress stands before the vowel and
not before the syllable, long vowels carry their mark, and an r is an ɹ.
"""

import re
import unicodedata

from voxproof.errors import TextError
from voxproof.text.symbols import unknown_symbols

# Signs that say nothing that our table could hold: syllables, ties, aspiration, brackets of a narrow transcription.
_SILENT = re.compile("[.‿\u0361\u035c\u0306\u032f\u032aʰʲˠ˺()\u200d]+")
# In this order; what is spelt twice in the same way in two traditions comes to one spelling.
_SPELLINGS = (
    ("ʧ", "tʃ"), ("ʤ", "dʒ"), ("ʦ", "ts"), ("g", "ɡ"), ("r", "ɹ"), ("ɻ", "ɹ"), ("ɫ", "l"), ("ʍ", "w"), (":", "ː"),
    ("'", "ˈ"), ("’", "ˈ"), ("ɝː", "ɜː"), ("ɝ", "ɜː"), ("ɜ˞", "ɜː"), ("ə˞", "ɚ"), ("əʊ", "oʊ"), ("ɒ", "ɑː"), ("ɨ", "ᵻ"),
    ("ɱ", "m"), ("x", "k"), ("χ", "k"), ("ɬ", "l"), ("ɲ", "nj"), ("β", "b"), ("ɸ", "f"), ("y", "iː"), ("ø", "ɜː"),
    ("œ", "ɜː"), ("ɣ", "ɡ"), ("ʁ", "ɹ"), ("ɵ", "ə"), ("ɤ", "ʌ"), ("ɯ", "uː"), ("ã", "ɑːn"), ("õ", "oʊn"),
)  # fmt: skip
_LONE = (  # vowels that our table knows in a pair or with the mark of length only
    (re.compile("a(?![ɪʊ])ː?"), "ɑː"),
    (re.compile("ɑ(?!ː)"), "ɑː"),
    (re.compile("eː"), "eɪ"),
    (re.compile("e(?!ɪ)"), "ɛ"),
    (re.compile("o(?!ʊ)ː?"), "oʊ"),
    (re.compile("ɜ(?!ː)"), "ɜː"),
    (re.compile("u(?!ː)"), "uː"),
)
_STRESSED_I = re.compile("(?<=[ˈˌ])i(?!ː)")
_VOWEL = "aeiouæɐɑɔəɚɛɜɪʊʌᵻ"
_FULL_VOWEL = re.compile("[aeiouæɑɔɛɜɪʊʌ]")
_STRESSED_ONSET = re.compile(rf"([ˈˌ])([^\s{_VOWEL}ˈˌ]+)(?=[{_VOWEL}])")


def from_ipa(pronunciation: str) -> str:
    """Our symbols (`voxproof.text.SYMBOLS`) of a broad transcription in IPA, words separated by spaces.

    A word without a mark of stress gets one on its first full vowel. What is a symbol of ours already comes back as it
    is. `TextError` names what English speech has no sound for.
    """
    symbols = _SILENT.sub("", unicodedata.normalize("NFC", pronunciation))
    for written, ours in _SPELLINGS:
        symbols = symbols.replace(written, ours)
    symbols = _STRESSED_ONSET.sub(r"\2\1", symbols)
    for pattern, ours in _LONE:
        symbols = pattern.sub(ours, symbols)
    symbols = _STRESSED_I.sub("iː", " ".join(map(stressed, symbols.split())))
    unknown = [one for one in unknown_symbols(symbols) if not one.isspace()] + [
        one for one in "!,.:;?" if one in symbols
    ]
    if unknown or not symbols:
        named = f"{', '.join(unknown)}: no sound of ours" if unknown else "no sound in it"
        raise TextError(f"the pronunciation /{pronunciation[:60]}/ has {named}; write broad IPA: /həˈloʊ/")
    return symbols


def stressed(symbols: str) -> str:
    """Symbols with a primary stress on the first full vowel, if none is there and a vowel that could carry it."""
    if "ˈ" in symbols:
        return symbols
    if "ˌ" in symbols:
        return symbols.replace("ˌ", "ˈ", 1)
    return _FULL_VOWEL.sub(lambda found: f"ˈ{found[0]}", symbols, count=1)
