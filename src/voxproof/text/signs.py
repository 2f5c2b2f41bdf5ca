"""Signs to words: & @ # + = and the like; what only decorates is dropped."""

import re

_RELATIONS = [
    (re.compile(r"[-=]+>"), " to "),
    (re.compile(r">="), " greater than or equal to "),
    (re.compile(r"<="), " less than or equal to "),
    (re.compile(r"\b([CF])#"), r"\1 sharp"),
    (re.compile(r"(?<=\d)\s*[x×*]\s*(?=\d)"), " times "),
    (re.compile(r"(?<=\d)\s*/\s*(?=\d)"), " over "),
    (re.compile(r"(?<=[\d\s(])>\s*(?=\d)|(?<=\s)>(?=\s)"), " greater than "),
    (re.compile(r"(?<=[\d\s(])<\s*(?=\d)|(?<=\s)<(?=\s)"), " less than "),
    (re.compile(r"(?<!\w)#\s?(?=\d)"), "number "),
    (re.compile(r"(?<![\w)])\+(?=\d)"), "plus "),
]
_DIMENSIONS = re.compile(r"(?<=\d)\s*[x×]\s*(?=\d)")
SIGNS = {
    "&": "and", "@": "at", "+": "plus", "=": "equals", "#": "hash", "§": "section", "©": "copyright", "®": "registered",
    "±": "plus or minus", "×": "times", "÷": "divided by", "≈": "approximately", "≠": "is not equal to",
    "≤": "less than or equal to", "≥": "greater than or equal to", "√": "the square root of", "∞": "infinity",
    "→": "to",
    "∑": "the sum of", "π": "pi", "$": "dollars", "£": "pounds", "€": "euros", "¥": "yen", "₹": "rupees", "¢": "cents",
    "₽": "rubles", "₩": "won", "₪": "shekels", "₿": "bitcoin", "µ": "micro", "Ω": "ohm", "^": "to the power of",
    "←": "left arrow", "↑": "up arrow", "↓": "down arrow", "−": "minus", "¶": "paragraph",
}  # fmt: skip
_SIGN = re.compile("|".join(re.escape(sign) for sign in SIGNS))
_RUN_OF_SIGNS = re.compile(r"([#=+$^&@→←])\1+")  # "=====" and "####" draw lines
_EMPHASIS = re.compile(r"[*_~|\\<>{}\[\]†‡]+")
_SLASH = re.compile(r"\s*/+\s*")
_LETTER_AND_DIGIT = re.compile(r"(?<=[^\W\d_])-?(?=\d)|(?<=\d)-?(?=[^\W\d_])")
_PAIRED_SUM = re.compile(r"(?<=[A-Za-z])\+\+")


def verbalise_relations(text: str) -> str:
    """Signs whose meaning hangs on the number beside them, before the numbers become words."""
    if "=" not in text and "×" not in text:
        text = _DIMENSIONS.sub(" by ", text)
    for pattern, words in _RELATIONS:
        text = pattern.sub(words, text)
    return text


def separate_letters_and_digits(text: str) -> str:
    """A space between letters and digits: MP3, B2B, COVID-19."""
    return _LETTER_AND_DIGIT.sub(" ", text)


def verbalise_signs(text: str) -> str:
    """Every sign that has a word; lines drawn with signs, emphasis and brackets are left unsaid."""
    text = _PAIRED_SUM.sub(" plus plus", text)
    text = _RUN_OF_SIGNS.sub(" ", text)
    text = _SIGN.sub(lambda found: f" {SIGNS[found[0]]} ", text)
    text = _SLASH.sub(" slash ", text)
    return _EMPHASIS.sub(" ", text)
