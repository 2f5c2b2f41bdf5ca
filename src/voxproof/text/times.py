"""Times of day to words: 10:30, 9 a.m., 14:00, 12:34:56; ratios and scores with a colon."""

import re

from voxproof.text.numbers import cardinal

_HALF = r"(?P<half>[ap])\.?\s?m\b\.?"
_CLOCK = re.compile(
    rf"(?<![\d:.,/-])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d+)?)?(?:\s?{_HALF})?(?![\d:]|\.\d)",
    re.IGNORECASE,
)
_HOUR = re.compile(rf"(?<![\d:.,/$£€])(?P<hour>0?[1-9]|1[0-2])\s?{_HALF}(?!\w)", re.IGNORECASE)
_RANGE = re.compile(
    r"(?<![\d:.,/-])(\d{1,2}(?::\d\d)?(?:\s?[ap]\.?m\b\.?)?)\s?[-–—]\s?(?=\d{1,2}:\d\d(?!\d)|\d{1,2}\s?[ap]\.?m\b)",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?<![\d:.,/-])(\d{1,2})\.([0-5]\d)(?=\s?[ap]\.?m\b)", re.IGNORECASE)
_RATIO = re.compile(r"(?<![\d:.,])(\d+):(\d+)(?![\d:]|\.\d)")


def verbalise_times(text: str) -> str:
    """Times in words; other pairs with a colon read "to"."""
    text = _RANGE.sub(r"\1 to ", _DOTTED.sub(r"\1:\2", text))
    text = _CLOCK.sub(_clock, text)
    text = _HOUR.sub(lambda found: f"{cardinal(str(int(found['hour'])))} {_half(found)}", text)
    return _RATIO.sub(lambda found: f"{cardinal(found[1])} to {cardinal(found[2])}", text)


def _half(found: re.Match[str]) -> str:
    """ "A M" or "P M"; the full stop stays where it also ends the sentence."""
    ends = found[0].endswith(".") and not found.string[found.end() :].strip("\"') ")
    return f"{found['half'].upper()} M{'.' if ends else ''}"


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found["hour"]), int(found["minute"])
    words = [cardinal(str(hour))]
    if minute:
        words.append(f"oh {cardinal(str(minute))}" if minute < 10 else cardinal(str(minute)))
    elif not found["half"] and not found["second"]:
        if hour in (0, 24):
            words = ["midnight"]
        else:
            words.append("o'clock" if hour <= 12 else "hundred")
    if found["second"]:
        seconds = int(found["second"])
        words.append(f"and {cardinal(str(seconds))} {'second' if seconds == 1 else 'seconds'}")
    if found["half"]:
        words.append(_half(found))
    return " ".join(words)
