"""Units of measurement, degrees and percentages to words: 5 km, 72°F, 60 mph, 3.5 %, 5'10"."""

import re

from voxproof.text.counting import describes_noun
from voxproof.text.numbers import NUMBER, NUMBER_ENDS, NUMBER_STARTS, cardinal, is_one, say
from voxproof.text.quantities import verbalise_fractions

_PREFIXED = {
    "m": ("meter", "meters"),
    "g": ("gram", "grams"),
    "l": ("liter", "liters"),
    "L": ("liter", "liters"),
    "s": ("second", "seconds"),
    "W": ("watt", "watts"),
    "V": ("volt", "volts"),
    "A": ("amp", "amps"),
    "Hz": ("hertz", "hertz"),
    "Wh": ("watt hour", "watt hours"),
    "J": ("joule", "joules"),
    "Pa": ("pascal", "pascals"),
    "B": ("byte", "bytes"),
    "b": ("bit", "bits"),
}
_PREFIXES = {"m": "milli", "c": "centi", "k": "kilo", "M": "mega", "G": "giga", "T": "tera", "µ": "micro", "n": "nano"}
_COMBINATIONS = """mm cm km µm nm mg kg µg ml mL cl ms µs ns mW kW MW GW mV kV mA Hz kHz MHz GHz Wh kWh MWh GWh kJ MJ
    hPa kPa MPa kB MB GB TB kb Mb Gb""".split()

UNITS: dict[str, tuple[str, str]] = {
    "m": ("meter", "meters"),
    "g": ("gram", "grams"),
    "l": ("liter", "liters"),
    "L": ("liter", "liters"),
    "W": ("watt", "watts"),
    "V": ("volt", "volts"),
    "KB": ("kilobyte", "kilobytes"),
    "hPa": ("hectopascal", "hectopascals"),
    "in.": ("inch", "inches"),
    "ft": ("foot", "feet"),
    "ft.": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "yds": ("yard", "yards"),
    "mi": ("mile", "miles"),
    "mi.": ("mile", "miles"),
    "oz": ("ounce", "ounces"),
    "oz.": ("ounce", "ounces"),
    "lb": ("pound", "pounds"),
    "lb.": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "lbs.": ("pound", "pounds"),
    "tbsp": ("tablespoon", "tablespoons"),
    "tbsp.": ("tablespoon", "tablespoons"),
    "tsp": ("teaspoon", "teaspoons"),
    "tsp.": ("teaspoon", "teaspoons"),
    "gal": ("gallon", "gallons"),
    "t": ("ton", "tons"),
    "ha": ("hectare", "hectares"),
    "sec": ("second", "seconds"),
    "sec.": ("second", "seconds"),
    "s": ("second", "seconds"),
    "min": ("minute", "minutes"),
    "min.": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "hr.": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "hrs.": ("hour", "hours"),
    "mph": ("mile per hour", "miles per hour"),
    "kph": ("kilometer per hour", "kilometers per hour"),
    "km/h": ("kilometer per hour", "kilometers per hour"),
    "m/s": ("meter per second", "meters per second"),
    "m/s^2": ("meter per second squared", "meters per second squared"),
    "Mb/s": ("megabit per second", "megabits per second"),
    "MB/s": ("megabyte per second", "megabytes per second"),
    "Mbps": ("megabit per second", "megabits per second"),
    "Gbps": ("gigabit per second", "gigabits per second"),
    "kbps": ("kilobit per second", "kilobits per second"),
    "fps": ("frame per second", "frames per second"),
    "rpm": ("revolution per minute", "revolutions per minute"),
    "bpm": ("beat per minute", "beats per minute"),
    "mpg": ("mile per gallon", "miles per gallon"),
    "dB": ("decibel", "decibels"),
    "hp": ("horsepower", "horsepower"),
    "kcal": ("kilocalorie", "kilocalories"),
    "cal": ("calorie", "calories"),
    "px": ("pixel", "pixels"),
    "MP": ("megapixel", "megapixels"),
    "sq ft": ("square foot", "square feet"),
    "sq. ft.": ("square foot", "square feet"),
    "m^2": ("square meter", "square meters"),
    "km^2": ("square kilometer", "square kilometers"),
    "cm^2": ("square centimeter", "square centimeters"),
    "ft^2": ("square foot", "square feet"),
    "m^3": ("cubic meter", "cubic meters"),
    "cm^3": ("cubic centimeter", "cubic centimeters"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "° C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "° F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "Ω": ("ohm", "ohms"),
    "kΩ": ("kilohm", "kilohms"),
    "MΩ": ("megohm", "megohms"),
}
for _name in _COMBINATIONS:
    if _name not in UNITS:
        _prefix, _base = ("", _name) if _name in _PREFIXED else (_PREFIXES[_name[0]], _name[1:])
        UNITS[_name] = (_prefix + _PREFIXED[_base][0], _prefix + _PREFIXED[_base][1])

_NAMES = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True))
_MEASURE = re.compile(
    rf"(?<![\w/]){NUMBER_STARTS}(?P<number>(?:\d+\s+)?\d{{1,2}}/\d{{1,2}}|{NUMBER}){NUMBER_ENDS}(?P<gap>[\s-]?)(?P<unit>{_NAMES})(?![\w^]|/\w|-?\d)"
)
_FEET_AND_INCHES = re.compile(r"(?<!\w)(\d{1,2})'\s?(\d{1,2})(?:\"|'')")
_INCHES = re.compile(r"(?<=\d)\"(?=\s+[a-z]|-)")
_PERCENT = re.compile(rf"(?<!\w){NUMBER_STARTS}({NUMBER}){NUMBER_ENDS}\s?%")
_SINGLE_LETTERS = frozenset("sthglmWVL")


def verbalise_units(text: str) -> str:
    """Measures in words, each unit in the number that it needs; "%" and "‰" by their names."""
    text = _FEET_AND_INCHES.sub(_height, text)
    text = _INCHES.sub(_inch, text)
    text = _MEASURE.sub(_measure, text)
    text = _PERCENT.sub(lambda found: f"{say(found[1])} percent", text)
    return text.replace("%", " percent ").replace("‰", " per mille ").replace("°", " degrees ")


def _measure(found: re.Match[str]) -> str:
    number, unit = found["number"], found["unit"]
    if unit == "s" and number.endswith("0") and not found["gap"]:
        return found[0]  # the 90s, 10s of thousands
    if unit in _SINGLE_LETTERS and found["gap"] == "-":
        return found[0]  # a 5-s something is no measure
    one, several = UNITS[unit]
    if "/" in number:
        return f"{_of(number, one, several)}{_stop(found)}"
    words = one if is_one(number) or found["gap"] == "-" or describes_noun(found) else several
    return f"{say(number)} {words}{_stop(found)}"


def _of(number: str, one: str, several: str) -> str:
    """Fractions of a unit: "three quarters of a mile", "one and a half pounds"."""
    words = verbalise_fractions(number)
    if " " in number:
        return f"{words} {several}"
    return f"{words} of {'an' if one[0] in 'aeiou' or one == 'hour' else 'a'} {one}"


def _stop(found: re.Match[str]) -> str:
    """The full stop of "lb." where it also ends the sentence."""
    return "." if found["unit"].endswith(".") and not found.string[found.end() :].strip("\"') ") else ""


def _inch(found: re.Match[str]) -> str:
    """A quotation mark behind a digit is inches unless it closes a quotation."""
    return found[0] if found.string.count('"', 0, found.start()) % 2 else "-inch"


def _height(found: re.Match[str]) -> str:
    feet, inches = found[1], found[2]
    foot = "foot" if is_one(feet) else "feet"
    return f"{cardinal(feet)} {foot} {cardinal(inches)} {'inch' if is_one(inches) else 'inches'}"
