"""Ranges, signs before numbers, fractions and powers to words: 10-12, -5, 1/2, 2 3/4, x^2."""

import re

from voxproof.text.numbers import NUMBER, NUMBER_ENDS, NUMBER_STARTS, cardinal, ordinal

_RANGE = re.compile(
    rf"(?<![\w-]){NUMBER_STARTS}(?P<low>{NUMBER})(?P<unit>\s?[%°])?(?:[-–—]|\s[–—]\s|\s-\s)(?P<high>{NUMBER}){NUMBER_ENDS}(?!-\d)"
)
_MINUS = re.compile(r"(?<![^\s(\[\"'=<>,:;/+*×÷^])[-−–](?=[$£€¥₹]?\.?\d)")
_ABOUT = re.compile(r"(?<!\w)~\s?(?=[$£€¥₹]?\.?\d)")
_TIMES_POWER = re.compile(r"(?<=\d)\s*[x×*]\s*(?=10\^)")
_MINUS_BETWEEN = re.compile(r"(?<=[\d\w)])\s*−\s*(?=[\d\w(])|(?<=\d)\s+-\s+(?=\d)")
_MIXED = re.compile(r"(?<![\w.,/])(\d+)\s+(\d{1,2})/(\d{1,2})(?![\d/]|\.\d)")
_FRACTION = re.compile(r"(?<![\w.,/])(\d+)/(\d+)(?![\d/]|\.\d)(?:ths?\b)?")
_POWER = re.compile(r"\^\(?(-?\d+)\)?")
_USUAL_DENOMINATORS = frozenset([*range(2, 11), 12, 15, 16, 20, 25, 32, 64, 100])


def verbalise_ranges(text: str) -> str:
    """10-12 and 10 – 12 become "10 to 12"; 10 - 5 = 5 is a subtraction."""
    if "=" in text:
        text = _MINUS_BETWEEN.sub(" minus ", text)
    return _RANGE.sub(lambda found: f"{found['low']}{found['unit'] or ''} to {found['high']}", text)


def verbalise_minus(text: str) -> str:
    """A minus sign, or a tilde for "about", before a number or an amount of money."""
    return _MINUS_BETWEEN.sub(" minus ", _MINUS.sub("minus ", _ABOUT.sub("about ", text)))


def verbalise_fractions(text: str) -> str:
    """Fractions and powers in words; 24/7 and 9/11 as they are said."""
    text = _TIMES_POWER.sub(" times ", text)
    text = _MIXED.sub(_mixed, text)
    text = _FRACTION.sub(_simple, text)
    return _POWER.sub(_power, text)


def _parts(numerator: str, denominator: str) -> str:
    if denominator == "2":
        name = "half" if numerator == "1" else "halves"
    elif denominator == "4":
        name = "quarter" if numerator == "1" else "quarters"
    else:
        name = ordinal(denominator) + ("" if numerator == "1" else "s")
    return f"{cardinal(numerator)} {name}"


def _mixed(found: re.Match[str]) -> str:
    whole, numerator, denominator = found[1], found[2], found[3]
    if int(denominator) not in _USUAL_DENOMINATORS or int(numerator) >= int(denominator) or numerator == "0":
        return found[0]
    parts = _parts(numerator, denominator)
    if numerator == "1":
        parts = parts.replace("one half", "a half").replace("one quarter", "a quarter")
    return f"{cardinal(whole)} and {parts}"


def _simple(found: re.Match[str]) -> str:
    numerator, denominator = found[1], found[2]
    if (numerator, denominator) in (("24", "7"), ("9", "11"), ("7", "11")) or numerator == denominator:
        return f"{cardinal(numerator)} {cardinal(denominator)}"
    if len(denominator) < 4 and int(denominator) in _USUAL_DENOMINATORS and 0 < int(numerator) < int(denominator):
        return _parts(str(int(numerator)), str(int(denominator)))
    return f"{cardinal(numerator)} over {cardinal(denominator)}"


def _power(found: re.Match[str]) -> str:
    exponent = found[1]
    named = {"2": " squared", "3": " cubed"}.get(exponent)
    sign = "minus " if exponent.startswith("-") else ""
    return named or f" to the power of {sign}{cardinal(exponent.lstrip('-'))}"
