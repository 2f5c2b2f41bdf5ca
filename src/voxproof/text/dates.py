"""Dates, years and decades to words: 2024-05-03, 5/3/2024, May 3rd, 3 May 2024, 1914-18, the 1990s, in 1984."""

import re

from voxproof.text.numbers import cardinal, ordinal, plural, year

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
_SHORT_MONTHS = {"Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Sept": 9, "Oct": 10,
                 "Nov": 11, "Dec": 12}  # fmt: skip
_DAYS = {"Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday",
         "Thur": "Thursday", "Thurs": "Thursday", "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday"}  # fmt: skip

_MONTH = rf"(?P<month>(?:{'|'.join(MONTHS)})|(?:{'|'.join(sorted(_SHORT_MONTHS, key=len, reverse=True))})\b\.?)"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?P<suffix>st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1\d|20)\d\d)(?![\d,]*\d)(?![.:]\d)"
_NO_MORE_DIGITS = r"(?![\w:%]|[.,/]\d|-\d)"

_ISO = re.compile(r"(?<![\w.-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/]|-\d|\.\d)(?:([T ])(?=\d\d:))?")
_ISO_ZONE = re.compile(r"(?<=\d\d:\d\d)(?:\.\d+)?Z\b")
_NUMERIC = re.compile(r"(?<![\w./-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/]|-\d|\.\d)")
_LAST_DAY = r"(?:\s?[-–]\s?(?P<last>[12]?\d|3[01])(?:st|nd|rd|th)?)?"
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+{_DAY}{_LAST_DAY}{_NO_MORE_DIGITS}(?:,?\s+{_YEAR})?")
_DAY_MONTH = re.compile(
    rf"(?P<the>\bthe\s+)?(?<![\w.,:/-]){_DAY}(?:\s+of)?\s+{_MONTH}(?!\w)(?:,?\s+{_YEAR})?", re.ASCII
)
_MONTH_YEAR = re.compile(rf"\b{_MONTH},?\s+{_YEAR}(?!\w)")
_ON = r"on|by|until|till|since|before|after"
_MONTH_AND_DAY = re.compile(rf"\b({_ON})\s+(1[0-2]|0?[1-9])/([12]\d|3[01]|0?[1-9])(?![\d/]|\.\d)", re.IGNORECASE)
_SHORT = "|".join(sorted((*_SHORT_MONTHS, *_DAYS), key=len, reverse=True))
_SPAN = re.compile(rf"\b({_SHORT})\b\.?\s?[-–]\s?({_SHORT})\b\.?(?!-)")
_LONE_MONTH = re.compile(rf"\b(in|last|next|this|{_ON})\s+({'|'.join(_SHORT_MONTHS)})\b\.(?=\s+[a-z0-9])")
_DATE_WORD = "|".join((*MONTHS, *_SHORT_MONTHS))
_WEEKDAY = re.compile(
    rf"\b({'|'.join(sorted(_DAYS, key=len, reverse=True))})\b\.?(?=,?\s+(?:[0-3]?\d(?!\d)|the\s+\d|(?:{_DATE_WORD})\b))"
)
_YEARS = re.compile(r"(?<![\w.,$£€/-])((?:1\d|20)\d\d)\s?[-–—]\s?((?:1\d|20)\d\d|\d\d)(?![\w%]|[-,./]\d)")
_DECADE = re.compile(r"(?<![\w.,$£€])((?:1\d|20)?\d0)'?s\b")
_SHORT_DECADE = re.compile(r"'(\d0)s\b")
_SHORT_YEAR = re.compile(r"(?<=\s)'(\d\d)(?![\w'])")
_BARE_YEAR = re.compile(r"(?<![\w.,$£€#+/-])(1[1-9]\d\d|20\d\d)(?=('s)?)(?!\w|[.,:/]\d|-\d|\s?%)")
_EARLY_YEAR = re.compile(r"\b(in|since|by|until|till|before|after|circa|year|of|AD)\s+(10\d\d)(?!\w|[.,:/]\d|-\d|\s?%)")
_NOT_YEARS = re.compile(r"(?:\b(?:number|room|page|flight|route|code|version|line)|#)\s*$", re.IGNORECASE)


def verbalise_dates(text: str) -> str:
    """Dates in words; what only looks like a date (month 13) is left as it is."""
    text = _ISO_ZONE.sub(" UTC", text)
    text = _ISO.sub(_iso, text)
    text = _NUMERIC.sub(_numeric, text)
    text = _MONTH_AND_DAY.sub(_month_and_day, text)
    text = _SPAN.sub(lambda found: f"{_full(found[1])} to {_full(found[2])}", text)
    text = _LONE_MONTH.sub(lambda found: f"{found[1]} {_full(found[2])}", text)
    text = _WEEKDAY.sub(lambda found: _DAYS[found[1]], text)
    text = _MONTH_DAY.sub(_month_day, text)
    text = _DAY_MONTH.sub(_day_month, text)
    return _MONTH_YEAR.sub(lambda found: f"{_month(found['month'])} {year(found['year'])}", text)


def verbalise_year_ranges(text: str) -> str:
    """1914-1918, 1939-45 in words."""
    return _YEARS.sub(_years, text)


def verbalise_years(text: str) -> str:
    """Decades and bare numbers of four digits that read as years."""
    text = _SHORT_DECADE.sub(lambda found: plural(cardinal(found[1])), text)
    text = _DECADE.sub(lambda found: plural(year(found[1]) if len(found[1]) == 4 else cardinal(found[1])), text)
    text = _SHORT_YEAR.sub(lambda found: _short_year(found[1]), text)
    text = _EARLY_YEAR.sub(lambda found: f"{found[1]} {year(found[2])}", text)
    return _BARE_YEAR.sub(_bare_year, text)


def _month(name: str) -> str:
    short = name.rstrip(".")
    return MONTHS[_SHORT_MONTHS[short] - 1] if short in _SHORT_MONTHS else name


def _full(name: str) -> str:
    return _DAYS.get(name) or _month(name)


def _month_and_day(found: re.Match[str]) -> str:
    if (found[2], found[3]) == ("9", "11"):  # has a name of its own, "nine eleven"
        return found[0]
    return f"{found[1]} {MONTHS[int(found[2]) - 1]} {ordinal(str(int(found[3])))}"


def _date(month: int, day: int, years: str) -> str:
    return f"{MONTHS[month - 1]} {ordinal(str(day))}, {years}"


def _iso(found: re.Match[str]) -> str:
    month, day = int(found[3]), int(found[4])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return found[0]
    return _date(month, day, year(found[1])) + (" at " if found[5] else "")


def _numeric(found: re.Match[str]) -> str:
    """Month first, as Americans write with a slash, unless that is no month; with a full stop the day stands first."""
    first, second, years = int(found[1]), int(found[3]), found[4]
    month, day = (second, first) if found[2] == "." or first > 12 else (first, second)
    if len(years) == 2 and found[2] != "/":
        return found[0]
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return found[0]
    if len(years) == 2:
        years = ("20" if int(years) < 50 else "19") + years
    return _date(month, day, year(years))


def _month_day(found: re.Match[str]) -> str:
    words = f"{_month(found['month'])} {ordinal(found['day'])}"
    if found["last"]:
        words += f" to {ordinal(found['last'])}"
    return words + (f", {year(found['year'])}" if found["year"] else "")


def _day_month(found: re.Match[str]) -> str:
    if not found["month"][0].isupper():
        return found[0]
    words = f"{found['the'] or 'the '}{ordinal(found['day'])} of {_month(found['month'])}"
    return words + (f" {year(found['year'])}" if found["year"] else "")


def _years(found: re.Match[str]) -> str:
    first, last = found[1], found[2]
    if int(last) <= int(first[-len(last) :]):
        return found[0]
    return f"{year(first)} to {year(last) if len(last) == 4 else _short_year(last)}"


def _short_year(number: str) -> str:
    return f"oh {cardinal(number[1])}" if number[0] == "0" else cardinal(number)


def _bare_year(found: re.Match[str]) -> str:
    if _NOT_YEARS.search(found.string, max(0, found.start() - 12), found.start()):
        return found[0]
    return year(found[1])
