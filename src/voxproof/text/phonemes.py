"""Words to phonemes: IPA with stress marks, one space between words, punctuation kept."""

import re

from voxproof.errors import TextError
from voxproof.text.escapes import PRONOUNCED, symbols_of
from voxproof.text.espeak import ipa
from voxproof.text.heteronyms import decide_heteronyms

MARKS = "?!.:;,"  # the punctuation that is kept, strongest first

_OTHER_PAUSES = re.compile(r"\s*(?:[—–―]|--+)\s*|\s+-+\s+|[()\[\]{}]+")  # dashes and brackets are read as a comma
_ELLIPSIS = re.compile("…")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\uff07]")
_SILENT = re.compile(r'["“”„«»<>*_~^|\\`]+')
# A letter that is spelt, not the article: "ten A M", "the A T M", "U S A".
_LETTER_A = re.compile(r"(?<=[\w,;:] )A(?= [A-Z](?!\w))|(?<=(?<![\w'])[B-HJ-Z] )A(?![\w'])")
# A run of marks, with what stands between them; a mark between two digits ("3.5", "10:30") belongs to the number.
_BREAK = re.compile(r"(?:(?<!\d)[.,;:!?]|[.,;:!?](?!\d))(?:[\s'.,;:!?]*[.,;:!?])?")

# A word that brings its own phonemes, with what is tied to it.
_PRONOUNCED = re.compile(rf"-?(?P<word>{PRONOUNCED.pattern})(?P<possessive>'s?(?![\w']))?-?")
_VOWELS = "aeiouæɐɑɔəɚɛɜɪʊʌᵻ"
_HISSING, _VOICELESS = ("s", "z", "ʃ", "ʒ"), ("p", "t", "k", "f", "θ")
# Words that espeak-ng reads in place of those, so that it sees a whole clause, and how it reads them: of two, the one
# that begins like the word that it stands for, for "the", "a" and "to" hang on that.
_STAND_INS = {False: ("zog", "zˈɑːɡ"), True: ("izog", "ˈaɪzɑːɡ")}
_STOOD_IN = {said for _, said in _STAND_INS.values()}


def phonemes(text: str) -> str:
    """Phonemes of a text in American English, as espeak-ng reads it.

    Every character is one symbol (`voxproof.text.SYMBOLS`): stress marks, length marks and combining characters too.
    Words are separated by one space; a mark of `.,;:!?` stands behind the word before it, and of several marks in a
    row the strongest stays. Numbers and abbreviations should be words by now (`voxproof.text.spoken`). Words that are
    spelt alike and said otherwise are decided by what stands around them (`voxproof.text.heteronyms`).
    Raises TextError where nothing is left to speak.
    """
    plain = _APOSTROPHES.sub("'", _ELLIPSIS.sub(".", text))
    plain = _SILENT.sub(" ", _OTHER_PAUSES.sub(", ", plain))
    plain = decide_heteronyms(_LETTER_A.sub("eigh", plain))
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
    spoken = _read(words) if words.strip() else ""
    mark = next((mark for mark in MARKS if mark in marks), "")
    if spoken:
        pieces.append(spoken + mark)
    elif pieces and mark:
        before = pieces[-1].rstrip(MARKS)
        at_end = pieces[-1][len(before) :]
        pieces[-1] = before + next(one for one in MARKS if one in at_end + mark)


def _read(words: str) -> str:
    """Phonemes of words between two marks; those that bring their own phonemes keep them."""
    given = [_given(found) for found in _PRONOUNCED.finditer(words)]
    if not given:
        return ipa(words)
    stand_ins = [_STAND_INS[symbols.lstrip("ˈˌ")[0] in _VOWELS] for symbols in given]
    left = iter(stand_ins)
    read = ipa(_PRONOUNCED.sub(lambda _: f" {next(left)[0]} ", words)).split()
    if [word for word in read if word in _STOOD_IN] == [said for _, said in stand_ins]:
        waiting = iter(given)
        return " ".join(next(waiting) if word in _STOOD_IN else word for word in read)
    # A stand-in was read in another way, or is one of the words: the parts between are read apart.
    parts = _PRONOUNCED.split(words)[:: _PRONOUNCED.groups + 1]
    between = [ipa(part) if part.strip() else "" for part in parts]
    return " ".join(filter(None, (one for pair in zip(between, [*given, ""], strict=True) for one in pair)))


def _given(found: re.Match[str]) -> str:
    """The phonemes that a word brings, with those of a possessive's ending."""
    symbols = symbols_of(found["word"]).strip()
    if found["possessive"] != "'s":
        return symbols
    if symbols.endswith(_HISSING):
        return f"{symbols}ᵻz"
    return symbols + ("s" if symbols.endswith(_VOICELESS) else "z")
