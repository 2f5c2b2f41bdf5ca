"""Numbers to words: cardinals, ordinals, decimals, digits one by one, years."""

import re

# A number as it is written, with thousands commas and a decimal point; never a part of a longer one.
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<!\w)\.\d+"
NUMBER_STARTS = r"(?<![\d.])(?<!\d,)"
NUMBER_ENDS = r"(?!\d)(?!\.\d)(?!,\d{3}(?!\d))"

_LONGEST_CARDINAL = 15  # digits; longer ones are account numbers and the like, read digit by digit
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ANY_NUMBER = re.compile(rf"{NUMBER_STARTS}(?:{NUMBER}){NUMBER_ENDS}")
_RUN_OF_DIGITS = re.compile(r"\d+")
_ORDINAL = re.compile(rf"{NUMBER_STARTS}(\d{{1,3}}(?:,\d{{3}})+|\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)


def digits(number: str) -> str:
    """Each digit by itself: "007" is "zero zero seven"."""
    return " ".join(_DIGITS[int(digit)] for digit in number if digit.isdigit())


def cardinal(number: str) -> str:
    """A whole number: "1,234" is "one thousand two hundred and thirty four"; very long ones and 007 digit by digit."""
    plain = number.replace(",", "")
    if len(plain) > _LONGEST_CARDINAL or (len(plain) > 1 and plain.startswith("0")):
        return digits(plain)
    return _words(int(plain))


def ordinal(number: str) -> str:
    """A place in an order: "21" is "twenty first"."""
    plain = number.replace(",", "")
    if len(plain) > _LONGEST_CARDINAL:
        return digits(plain) + "th"
    return _words(int(plain), "ordinal")


def say(number: str) -> str:
    """A number with or without a decimal point: "3.05" is "three point zero five"."""
    whole, point, fraction = number.partition(".")
    if not point:
        return cardinal(whole)
    return " ".join(filter(None, (cardinal(whole) if whole else "", "point", digits(fraction))))


def is_one(number: str) -> bool:
    """Whether a thing counted so stands in the singular."""
    return number.replace(",", "") == "1"


def year(number: str) -> str:
    """A year of two to four digits: "1984" is "nineteen eighty four", "2005" "two thousand five"."""
    value = int(number)
    century, rest = divmod(value, 100)
    if value < 1000 or value % 1000 == 0 or 2000 < value < 2010:
        return cardinal(str(value)).replace(" and ", " ")
    if rest == 0:
        return f"{cardinal(str(century))} hundred"
    return f"{cardinal(str(century))} {'oh ' if rest < 10 else ''}{cardinal(str(rest))}"


def plural(words: str) -> str:
    """The plural of a number's words: "nineteen nineties", "two thousands", "sixes"."""
    if words.endswith("y"):
        return words[:-1] + "ies"
    return words + ("es" if words.endswith("x") else "s")


def verbalise_ordinals(text: str) -> str:
    """1st, 22nd, 1,000th in words."""
    return _ORDINAL.sub(lambda found: ordinal(found[1]), text)


def verbalise_numbers(text: str) -> str:
    """Every number that is left in words, whatever stands around it."""
    text = _ANY_NUMBER.sub(lambda found: say(found[0]), text)
    return _RUN_OF_DIGITS.sub(lambda found: cardinal(found[0]), text)


def _words(number: int, to: str = "cardinal") -> str:
    from num2words import num2words  # slow to import: it reads the numbers of sixty languages

    return str(num2words(number, to=to)).replace("-", " ").replace(",", "")
