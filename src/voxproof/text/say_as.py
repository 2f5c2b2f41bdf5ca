"""SSML's say-as: what letters and digits are, where the text alone does not tell: a date, a telephone number, an order.

The W3C's note "SSML 1.0 say-as attribute values" names the kinds and the formats of dates and times.
"""

import re
import unicodedata

from voxproof.text.codes import verbalise_codes
from voxproof.text.dates import MONTHS
from voxproof.text.money import verbalise_money
from voxproof.text.numbers import digits, ordinal, say, year
from voxproof.text.signs import SIGNS
from voxproof.text.times import verbalise_times

LONGEST = 200  # characters of one number, date or spelt word

_CHARACTERS = {
    ".": "dot", ",": "comma", "-": "dash", "_": "underscore", "/": "slash", ":": "colon", ";": "semicolon",
    "!": "exclamation mark", "?": "question mark", "'": "apostrophe", '"': "quote", "(": "open parenthesis",
    ")": "close parenthesis", "*": "star", "%": "percent", "~": "tilde", "|": "bar", "\\": "backslash",
    "[": "open bracket", "]": "close bracket", "<": "less than", ">": "greater than",
}  # fmt: skip
_LETTER_A = "{EY1}"  # by itself it would be read as the article
_NUMBER = re.compile(r"(?P<sign>[+−-]?)\s?(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)")
_ORDINAL = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)?", re.IGNORECASE)
_DATE_FORMATS = frozenset("mdy dmy ymd ydm md dm ym my y m d".split())
_BARE_TIME = re.compile(r"(\d{1,2})\.?(\d\d)?")


def say_as(text: str, kind: str, layout: str = "") -> str | None:
    """The words of a text that is a `kind` in a `layout` (dates: "mdy", "dmy", ...), or None where it is none.

    Kinds: characters (spell-out, verbatim), digits, cardinal (number), ordinal, date, time, telephone, currency.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    read = KINDS.get(kind)
    if read is None or not text or len(text) > LONGEST:
        return None
    return read(text, layout)


def _characters(text: str, layout: str) -> str | None:
    """Every letter, digit and sign by itself, a pause between groups."""
    names = []
    for character in text:
        if character.isdecimal():
            names.append(digits(str(int(character))))
        elif character.isalpha():
            names.append(_LETTER_A if character in "aA" else character.upper())
        elif character.isspace():
            names[-1:] = [f"{name}," for name in names[-1:]]
        else:
            names.append(_CHARACTERS.get(character) or SIGNS.get(character, ""))
    return " ".join(filter(None, names)) or None


def _digits(text: str, layout: str) -> str | None:
    groups = [digits(group) for group in re.split(r"[\s.,-]+", text) if group.isdecimal()]
    return ", ".join(groups) if groups and re.fullmatch(r"[\d\s.,-]+", text) else None


def _cardinal(text: str, layout: str) -> str | None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    words = say(found["number"])
    return f"minus {words}" if found["sign"] in ("-", "−") else words


def _ordinal(text: str, layout: str) -> str | None:
    found = _ORDINAL.fullmatch(text)
    return ordinal(found[1]) if found else None


def _date(text: str, layout: str) -> str | None:
    """Numbers in the order of the layout; without one, year first where it has four digits, else the month."""
    numbers = re.findall(r"\d+", text)
    if not re.fullmatch(r"[\d\s./-]+", text) or not 1 <= len(numbers) <= 3:
        return None
    if layout and layout not in _DATE_FORMATS:
        return None
    if len(numbers) == 1 and len(layout) > 1 and len(numbers[0]) == (8 if "y" in layout else 4):  # written together
        numbers = _split_together(numbers[0], layout)
    layout = layout or {1: "y", 2: "md", 3: "ymd" if len(numbers[0]) == 4 else "mdy"}[len(numbers)]
    if len(layout) != len(numbers):
        return None
    parts = dict(zip(layout, numbers, strict=True))
    month, day, years = parts.get("m"), parts.get("d"), parts.get("y")
    if (month and not 1 <= int(month) <= 12) or (day and not 1 <= int(day) <= 31) or len(years or "") > 4:
        return None
    words = [MONTHS[int(month) - 1]] if month else []
    if day:
        words.append(ordinal(str(int(day))) if month else f"the {ordinal(str(int(day)))}")
    if years:
        full = ("20" if int(years) < 50 else "19") + years if len(years) == 2 else years
        words.append((", " if day else "") + year(full))
    return " ".join(words).replace(" ,", ",")


def _split_together(number: str, layout: str) -> list[str]:
    parts = []
    for one in layout:
        length = 4 if one == "y" else 2
        parts.append(number[:length])
        number = number[length:]
    return parts


def _time(text: str, layout: str) -> str | None:
    words = verbalise_times(text)
    if words == text and (found := _BARE_TIME.fullmatch(text)):
        words = verbalise_times(f"{found[1]}:{found[2] or '00'}")
    return None if re.search(r"\d", words) else words


def _telephone(text: str, layout: str) -> str | None:
    if not re.fullmatch(r"\+?[\d\s().x/-]+", text) or not re.search(r"\d", text):
        return None
    words = verbalise_codes(text)
    if re.search(r"\d", words):
        words = ", ".join(digits(group) for group in re.findall(r"\d+", text))
        words = f"plus {words}" if text.startswith("+") else words
    return words


def _currency(text: str, layout: str) -> str | None:
    words = verbalise_money(text)
    return None if re.search(r"\d", words) else words


KINDS = {
    "characters": _characters, "spell-out": _characters, "verbatim": _characters, "digits": _digits,
    "cardinal": _cardinal, "number": _cardinal, "ordinal": _ordinal, "date": _date, "time": _time,
    "telephone": _telephone, "currency": _currency,
}  # fmt: skip
