"""Any text to the words that are spoken: numbers, dates, money, abbreviations, signs."""

import re
from dataclasses import dataclass, field

from voxproof.text.abbreviations import verbalise_abbreviations
from voxproof.text.acronyms import quieten, verbalise_acronyms
from voxproof.text.clauses import clauses
from voxproof.text.codes import verbalise_codes
from voxproof.text.dates import verbalise_dates, verbalise_year_ranges, verbalise_years
from voxproof.text.escapes import shown
from voxproof.text.links import verbalise_links
from voxproof.text.money import verbalise_money
from voxproof.text.numbers import verbalise_numbers, verbalise_ordinals
from voxproof.text.quantities import verbalise_fractions, verbalise_minus, verbalise_ranges
from voxproof.text.reading import read_script
from voxproof.text.roman import verbalise_roman
from voxproof.text.sentences import paragraphs, whole_sentences
from voxproof.text.signs import separate_letters_and_digits, verbalise_relations, verbalise_signs
from voxproof.text.times import verbalise_times
from voxproof.text.units import verbalise_units

_LONGEST_READ = 1000  # characters that the rules look at together

# In this order: what is most particular first, so that a date is gone before its digits could be taken for a range.
_STEPS = (
    quieten,
    verbalise_links,
    verbalise_dates,
    verbalise_times,
    verbalise_abbreviations,
    verbalise_roman,
    verbalise_codes,
    verbalise_year_ranges,
    verbalise_minus,
    verbalise_money,
    verbalise_ranges,
    verbalise_units,
    verbalise_ordinals,
    verbalise_fractions,
    verbalise_years,
    verbalise_relations,
    separate_letters_and_digits,
    verbalise_numbers,
    verbalise_acronyms,
    verbalise_signs,
)
_BLANKS = re.compile(r"\s+")
_BLANK_BEFORE_MARK = re.compile(r"\s+(?=[,;:!?.](?:\s|$|[\"')]))")
_REPEATED_COMMA = re.compile(r",(?:\s*,)+")


@dataclass(frozen=True)
class Spoken:
    """The words that are spoken, and in words what had to be left out of the text, kind by kind."""

    text: str
    left_out: list[str] = field(default_factory=list)


def spoken(text: str) -> str:
    """The text as it is spoken in American English, numbers and abbreviations in words; see `normalise`."""
    return normalise(text).text


def normalise(text: str) -> Spoken:
    """The text as it is spoken and what was left out of it: emoji, other scripts, control characters.

    Sentences are separated by one space, paragraphs by an empty line. Pronunciations stay in the text, in IPA
    (`{/həlˈoʊ/}`); of SSML the words stay. Raises TextError where the text is empty, longer than 100,000 characters, or
    has nothing in it that can be spoken, and for pronunciations and SSML that are none.
    """
    script, left_out = read_script(text)
    lines = []
    for paragraph in paragraphs(script.text):
        words = [verbalise(sentence) for sentence in whole_sentences(paragraph)]
        lines.append(" ".join(filter(None, words)))
    return Spoken(shown("\n\n".join(filter(None, lines))), left_out)


def verbalise(sentence: str) -> str:
    """One sentence of readable characters in words, empty where it holds none.

    A sentence of thousands of characters is read in parts, for some rules look at all that stands before a word.
    """
    return " ".join(filter(None, map(_verbalise, clauses(sentence, _LONGEST_READ))))


def _verbalise(sentence: str) -> str:
    for step in _STEPS:
        sentence = step(sentence)
    sentence = _BLANKS.sub(" ", sentence)
    sentence = _REPEATED_COMMA.sub(",", _BLANK_BEFORE_MARK.sub("", sentence)).strip(" ,;:-–—")
    return sentence if any(character.isalnum() for character in sentence) else ""
