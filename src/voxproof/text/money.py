"""Money to words: $3.50, £2m, €1,200.99, 5 USD, 50¢."""

import re
from dataclasses import dataclass

from voxproof.text.counting import describes_noun
from voxproof.text.numbers import NUMBER, NUMBER_ENDS, NUMBER_STARTS, is_one, say


@dataclass(frozen=True)
class Currency:
    """One and several of the unit, one and several of its hundredth part (empty where there is none)."""

    unit: str
    units: str
    cent: str = ""
    cents: str = ""


_DOLLAR = Currency("dollar", "dollars", "cent", "cents")
_POUND = Currency("pound", "pounds", "penny", "pence")
_EURO = Currency("euro", "euros", "cent", "cents")
_YEN = Currency("yen", "yen")
_RUPEE = Currency("rupee", "rupees", "paisa", "paise")

CURRENCIES = {
    "$": _DOLLAR,
    "£": _POUND,
    "€": _EURO,
    "¥": _YEN,
    "₹": _RUPEE,
    "₽": Currency("ruble", "rubles"),
    "₩": Currency("won", "won"),
    "₪": Currency("shekel", "shekels"),
    "₿": Currency("bitcoin", "bitcoins"),
    "US$": Currency("US dollar", "US dollars", "cent", "cents"),
    "A$": Currency("Australian dollar", "Australian dollars", "cent", "cents"),
    "C$": Currency("Canadian dollar", "Canadian dollars", "cent", "cents"),
    "NZ$": Currency("New Zealand dollar", "New Zealand dollars", "cent", "cents"),
    "HK$": Currency("Hong Kong dollar", "Hong Kong dollars", "cent", "cents"),
    "USD": Currency("US dollar", "US dollars", "cent", "cents"),
    "GBP": _POUND,
    "EUR": _EURO,
    "JPY": _YEN,
    "INR": _RUPEE,
    "CHF": Currency("Swiss franc", "Swiss francs"),
    "CAD": Currency("Canadian dollar", "Canadian dollars", "cent", "cents"),
    "AUD": Currency("Australian dollar", "Australian dollars", "cent", "cents"),
    "CNY": Currency("yuan", "yuan"),
}
_SCALES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "mm": "million",
    "b": "billion",
    "bn": "billion",
    "t": "trillion",
    "tn": "trillion",
    "trn": "trillion",
}
_SYMBOL = "|".join(re.escape(one) for one in sorted(CURRENCIES, key=len, reverse=True) if not one.isalpha())
_CODE = "|".join(one for one in CURRENCIES if one.isalpha())
_SCALE = (
    r"(?:\s?(?P<short>mn|mm|bn|trn|tn|[kKmMbBtT])(?![\w'])|[\s-](?P<long>hundred|thousand|million|billion|trillion)\b)?"
)
_BEFORE = re.compile(
    rf"(?<![\w$£€¥])(?P<currency>{_SYMBOL}|(?:{_CODE})(?=\s?\d))\s?(?P<number>{NUMBER}){NUMBER_ENDS}{_SCALE}"
)
_BEHIND = re.compile(
    rf"(?<!\w){NUMBER_STARTS}(?P<number>{NUMBER}){NUMBER_ENDS}{_SCALE}\s?(?P<currency>{_SYMBOL}|(?:{_CODE})\b)(?!\s?\d)"
)
_CENTS = re.compile(rf"(?<!\w){NUMBER_STARTS}(?P<number>\d+)(?:\s?¢|p\b)")
_RANGE = re.compile(
    rf"(?<!\w)(?P<currency>{_SYMBOL})\s?(?P<low>{NUMBER})\s?[-–—]\s?(?P<again>{_SYMBOL})?(?P<high>{NUMBER}){NUMBER_ENDS}"
)


def verbalise_money(text: str) -> str:
    """Amounts of money in words; a range names its currency once."""
    text = _RANGE.sub(lambda found: f"{say(found['low'])} to {found['currency']}{found['high']}", text)
    text = _BEFORE.sub(_amount, text)
    text = _BEHIND.sub(_amount, text)
    return _CENTS.sub(_small_amount, text)


def _amount(found: re.Match[str]) -> str:
    currency = CURRENCIES[found["currency"]]
    number = found["number"]
    scale = found["long"] or _SCALES.get((found["short"] or "").lower(), "")
    if scale:
        unit = currency.unit if describes_noun(found) else currency.units
        return f"{say(number)} {scale} {unit}"
    whole, _, fraction = number.partition(".")
    if len(fraction) == 2 and currency.cent:
        parts = []
        if whole.strip("0,") or fraction == "00":
            parts.append(f"{say(whole or '0')} {currency.unit if is_one(whole) else currency.units}")
        if fraction != "00":
            cents = str(int(fraction))
            parts.append(f"{say(cents)} {currency.cent if cents == '1' else currency.cents}")
        return " and ".join(parts)
    singular = is_one(number) or describes_noun(found)
    return f"{say(number)} {currency.unit if singular else currency.units}"


def _small_amount(found: re.Match[str]) -> str:
    number = found["number"]
    if found[0].endswith("p"):
        if len(number) > 2:  # 1080p is a picture, not money
            return found[0]
        return f"{say(number)} {_POUND.cent if is_one(number) else _POUND.cents}"
    return f"{say(number)} {_DOLLAR.cent if is_one(number) else _DOLLAR.cents}"
