"""Words to phonemes: IPA with stress marks, one space between words, punctuation kept."""

import re

from voxproof.errors import TextError
from voxproof.text.espeak import ipa

MARKS = "?!.:;,"  # the punctuation that is kept, strongest first

_OTHER_PAUSES = re.compile(r"\s*(?:[—–―]|--+)\s*|\s+-+\s+|[()\[\]{}]+")  # dashes and brackets are read as a comma
_ELLIPSIS = re.compile("…")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\uff07]")
_SILENT = re.compile(r'["“”„«»<>*_~^|\\`]+')
# A letter that is spelt, not the article: "ten A M", "the A T M", "U S A".
_LETTER_A = re.compile(r"(?<=[\w,;:] )A(?= [A-Z](?!\w))|(?<=(?<![\w'])[B-HJ-Z] )A(?![\w'])")
# A run of marks, with what stands between them; a mark between two digits ("3.5", "10:30") belongs to the number.
_BREAK = re.compile(r"(?:(?<!\d)[.,;:!?]|[.,;:!?](?!\d))(?:[\s'.,;:!?]*[.,;:!?])?")


def phonemes(text: str) -> str:
    """Phonemes of a text in American English, as espeak-ng reads it.

    Every character is one symbol (`voxproof.text.SYMBOLS`): stress marks, length marks and combining characters too.
    Words are separated by one space; a mark of `.,;:!?` stands behind the word before it, and of several marks in a
    row the strongest stays. Numbers and abbreviations should be words by now (`voxproof.text.spoken`).
    Raises TextError where nothing is left to speak.
    """
    plain = _APOSTROPHES.sub("'", _ELLIPSIS.sub(".", text))
    plain = _SILENT.sub(" ", _OTHER_PAUSES.sub(", ", plain))
    plain = _LETTER_A.sub("eigh", plain)
    pieces: list[str] = []
    start = 0
    for found in _BREAK.finditer(plain):
        _add(pieces, plain[start : found.start()], found.group())
        start = found.end()
    _add(pieces, plain[start:], "")
    if not pieces:
        raise TextError(f"nothing in this text can be spoken: {text[:40]!r}; give words in Latin letters or digits")
    return " ".join(pieces)


def _add(pieces: list[str], words: str, marks: str) -> None:
    """Append the phonemes of some words with the strongest of the marks behind them."""
    spoken = ipa(words) if words.strip() else ""
    mark = next((mark for mark in MARKS if mark in marks), "")
    if spoken:
        pieces.append(spoken + mark)
    elif pieces and mark:
        before = pieces[-1].rstrip(MARKS)
        at_end = pieces[-1][len(before) :]
        pieces[-1] = before + next(one for one in MARKS if one in at_end + mark)
