"""Numbers that are names: telephone numbers, versions, network addresses, serial numbers."""

import re

from voxproof.text.numbers import cardinal, digits

_NORTH_AMERICAN = re.compile(
    r"(?<![\w.+-])(?:(?P<country>\+?\d{1,2})[\s.-])?(?:\((?P<area>\d{3})\)\s?|(?P<bare>\d{3})[\s.-])"
    r"(?P<office>\d{3})[\s.-](?P<line>\d{4})(?!\w|[-.]\d)"
)
_INTERNATIONAL = re.compile(r"(?<!\w)\+\d{1,3}(?:[\s.-]?\(?\d{1,5}\)?){2,6}(?!\w|[-.]\d)")
_NATIONAL = re.compile(r"(?<![\w.,$£€+-])0\d{2,4}[\s-]\d{3,4}(?:[\s-]\d{3,4})?(?!\w|[-.]\d)")
_ZIP = re.compile(r"\b([A-Z]{2})\s+(\d{5})(?:-(\d{4}))?(?![\w-])")
_LOCAL = re.compile(r"(?<![\w.$£€-])\d{3}-\d{4}(?!\w|[-.]\d)")
_CHAIN = re.compile(r"(?<![\w.+-])\d+(?:-\d+){2,}(?![\w-]|\.\d)")
_EMERGENCY = re.compile(
    r"\b(call(?:ed|ing)?|dial(?:led|ed|ling|ing)?|ring|phone)\s+(\d{3})\b(?![-.,]\d)", re.IGNORECASE
)
_VERSION = re.compile(r"(?<![\w.,])(?P<v>[vV]\.?\s?)?(?P<parts>\d+(?:\.\d+){2,})(?!\d)")
_MARKED_VERSION = re.compile(r"(?<!\w)[vV]\.?(?=\d)")
_DIGITS = re.compile(r"\d+")


def verbalise_codes(text: str) -> str:
    """Telephone numbers digit by digit with a pause between the groups; versions part by part."""
    text = _VERSION.sub(_version, text)
    text = _MARKED_VERSION.sub("version ", text)
    text = _NORTH_AMERICAN.sub(_groups, text)
    text = _INTERNATIONAL.sub(_groups, text)
    text = _NATIONAL.sub(_groups, text)
    text = _ZIP.sub(lambda found: f"{found[1]} {digits(found[2])}{', ' + digits(found[3]) if found[3] else ''}", text)
    text = _LOCAL.sub(_groups, text)
    text = _CHAIN.sub(_groups, text)
    return _EMERGENCY.sub(lambda found: f"{found[1]} {digits(found[2])}", text)


def _groups(found: re.Match[str]) -> str:
    words = ", ".join(digits(group) for group in _DIGITS.findall(found[0]))
    return f"plus {words}" if found[0].startswith("+") else words


def _version(found: re.Match[str]) -> str:
    parts = found["parts"].split(".")
    address = len(parts) == 4 and all(int(part) < 256 for part in parts if len(part) < 4)
    words = (" dot " if address else " point ").join(cardinal(part) for part in parts)
    return f"version {words}" if found["v"] else words
