"""How words are said: rate, pitch and volume as factors on what a voice does by itself, and how SSML writes them.

Values after W3C's Speech Synthesis Markup Language 1.1, 3.2.4, and those of 1.0 that are still in use.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from voxproof.errors import TextError

SLOWEST, FASTEST = 0.5, 2.0
LOWEST, HIGHEST = 0.5, 2.0
LOUDEST_DB = 6.0
LOUDEST = 10 ** (LOUDEST_DB / 20)

_RATES = {"x-slow": 0.6, "slow": 0.8, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.6}
_PITCHES = {"x-low": 0.75, "low": 0.87, "medium": 1.0, "default": 1.0, "high": 1.15, "x-high": 1.35}
_VOLUMES_DB = {"x-soft": -12.0, "soft": -6.0, "medium": 0.0, "default": 0.0, "loud": 3.0, "x-loud": LOUDEST_DB}

_NUMBER = r"(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))"
_VALUE = re.compile(rf"{_NUMBER}\s?(?P<unit>%|st|dB|Hz|)", re.IGNORECASE)


@dataclass(frozen=True)
class Prosody:
    """Factors on the rate of speech, on its pitch and on its amplitude; a stressed word is not swallowed."""

    rate: float = 1.0
    pitch: float = 1.0
    volume: float = 1.0
    stressed: bool = False

    def within(self, outer: "Prosody") -> "Prosody":
        """Both together, no factor beyond what stays intelligible."""
        return Prosody(
            min(max(self.rate * outer.rate, SLOWEST), FASTEST),
            min(max(self.pitch * outer.pitch, LOWEST), HIGHEST),
            min(self.volume * outer.volume, LOUDEST),
            self.stressed or outer.stressed,
        )


PLAIN = Prosody()

EMPHASIS = {
    "strong": Prosody(rate=0.85, pitch=1.12, volume=10 ** (3 / 20), stressed=True),
    "moderate": Prosody(rate=0.92, pitch=1.06, volume=10 ** (1.5 / 20), stressed=True),
    "none": PLAIN,
    "reduced": Prosody(rate=1.1, pitch=0.96, volume=10 ** (-2 / 20)),
}


def rate(value: str) -> float:
    """ "slow", "80%" (of the usual rate), "+10%", "1.2"; `TextError` says what else there is."""
    if value in _RATES:
        return _RATES[value]
    number, unit, signed = _number("rate", value, "%", _RATES)
    factor = number if unit == "" else number / 100
    return _bounded("rate", value, factor + 1 if signed else factor, SLOWEST, FASTEST)


def pitch(value: str) -> float:
    """ "high", "+10%", "-2st" (semitones); a pitch in Hz is another one for every voice, and a `TextError`."""
    if value in _PITCHES:
        return _PITCHES[value]
    number, unit, signed = _number("pitch", value, "% st", _PITCHES)
    if unit == "st":
        factor = 2 ** (number / 12) if abs(number) < 100 else 0.0
    else:
        factor = number / 100 + 1 if signed else number / 100
    return _bounded("pitch", value, factor, LOWEST, HIGHEST)


def volume(value: str) -> float:
    """ "soft", "+3dB", "silent", or 0 to 100 where 100 is the usual; the factor on amplitude."""
    if value in _VOLUMES_DB:
        return 10 ** (_VOLUMES_DB[value] / 20)
    if value == "silent":
        return 0.0
    number, unit, signed = _number("volume", value, "dB", {**_VOLUMES_DB, "silent": 0.0})
    if unit == "db":
        return _bounded("volume", value, 10 ** (min(number, 100.0) / 20), 0.0, LOUDEST)
    return _bounded("volume", value, 1 + number / 100 if signed else number / 100, 0.0, LOUDEST)


def _number(what: str, value: str, units: str, names: Mapping[str, float]) -> tuple[float, str, bool]:
    """A number, its unit in small letters and whether it carries a sign (then it is a change)."""
    found = _VALUE.fullmatch(value)
    allowed = ["", *units.lower().split()]
    if found is None or found["unit"].lower() not in allowed or (found["unit"] == "" and what == "pitch"):
        raise TextError(
            f"{what}={value!r} is none: write {', '.join(names)}, or a number in {units.replace(' ', ' or ')}"
        )
    return float(found["number"]), found["unit"].lower(), found["number"][0] in "+-"


def _bounded(what: str, value: str, factor: float, low: float, high: float) -> float:
    if not low <= factor <= high:
        raise TextError(f"{what}={value!r} is {factor:.3g} times the usual: between {low:g} and {high:.3g} is possible")
    return factor
