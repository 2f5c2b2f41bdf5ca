"""Pronunciations within a text: `{HH AH0 L OW1}` in ARPAbet, `{/həˈloʊ/}` in IPA.

Braces around words, numbers or code are ordinary text. From here to the phonemes a pronunciation travels in the text as
a word of letters that no other word is written with, one for each phoneme: the rules for sentences, clauses and numbers
see a word, and nothing has to be looked up when its phonemes are needed.
"""

import re

from voxproof.errors import TextError
from voxproof.text.arpabet import from_arpabet, is_phone
from voxproof.text.symbols import SYMBOLS
from voxproof.text.transcription import from_ipa

LONGEST_PRONUNCIATION = 100  # symbols: a long name; what is longer is a sentence and should have its spaces

_FIRST = 0x20000  # CJK extension B: letters without case that `clean` leaves out of every text
_LETTERS = {ord(symbol): chr(_FIRST + index) for index, symbol in enumerate(SYMBOLS)}
_SYMBOLS = {_FIRST + index: symbol for index, symbol in enumerate(SYMBOLS)}

PRONOUNCED = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + len(SYMBOLS) - 1)}]+")
ESCAPE = re.compile(r"\{/(?P<ipa>[^{}\n]*)/\}|\{\s*(?P<arpabet>[A-Z]{1,3}\d?(?:\s+[A-Z]{1,3}\d?)*)\s*\}")


def pronounced(symbols: str) -> str:
    """The word that stands for phonemes (`voxproof.text.SYMBOLS`) within a text."""
    if len(symbols) > LONGEST_PRONUNCIATION:
        raise TextError(
            f"a pronunciation of {len(symbols)} symbols is too long ({LONGEST_PRONUNCIATION} at most): "
            f"/{symbols[:30]}.../; give each word its own"
        )
    return symbols.translate(_LETTERS)


def symbols_of(word: str) -> str:
    """The phonemes for which a word stands that `pronounced` made."""
    return word.translate(_SYMBOLS)


def shown(text: str) -> str:
    """The text with its pronunciations as a reader would write them, `{/həlˈoʊ/}`."""
    return PRONOUNCED.sub(lambda found: f"{{/{symbols_of(found[0])}/}}", text)


def split_escapes(text: str) -> list[tuple[str, bool]]:
    """The parts of a text, each with whether it is a pronunciation (then as `pronounced` gives it).

    `TextError` names the phones of a pronunciation that are none.
    """
    parts: list[tuple[str, bool]] = []
    start = 0
    for found in ESCAPE.finditer(text):
        said = _said(found)
        if said is None:
            continue
        parts += [(text[start : found.start()], False), (said, True)]
        start = found.end()
    parts.append((text[start:], False))
    return [(part, is_said) for part, is_said in parts if part]


def _said(found: re.Match[str]) -> str | None:
    if found["ipa"] is not None:
        return pronounced(from_ipa(found["ipa"]))
    phones = found["arpabet"].split()
    if not any(map(is_phone, phones)):
        return None  # {ID}, {NO ONE}: capitals in braces, and no phone among them
    return pronounced(from_arpabet(found["arpabet"]))
