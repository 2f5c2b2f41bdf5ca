"""Characters that English speech has no words for: what can be kept is kept, what cannot is named and left out."""

import re
import unicodedata
from collections.abc import Iterable

_EXAMPLES = 10  # characters shown of each kind that is left out

_SPACES = re.compile(r"[^\S\n]|[\u2028\x85\v\f]")
_QUOTES_AND_DASHES = str.maketrans({
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'", "＇": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "‹": "'", "›": "'",
    "「": '"', "」": '"',
    "‐": "-", "‑": "-", "‒": "-", "―": "—", "⸺": "—", "﹘": "-", "－": "-",
    "…": "...", "。": ". ", "、": ", ", "，": ", ", "！": "! ", "？": "? ", "：": ": ", "；": "; ", "،": ",", "؟": "?",
    "؛": ";", "¿": "", "¡": "", "\u2044": "/", "\u2215": "/", "·": " ", "•": ", ", "‣": ", ", "◦": ", ", "▪": ", ",
    "●": ", ", "№": "No. ", "\u2212": "−", "℅": "c/o", "™": " trademark ", "℠": " service mark ",
})  # fmt: skip
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUPERSCRIPT = re.compile(r"(?<=\w)([⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_ORDINAL_INDICATOR = re.compile(r"(?<=\d)(ˢᵗ|ⁿᵈ|ʳᵈ|ᵗʰ)")
_VULGAR_FRACTION = re.compile(r"(\d?)\s?([½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒])")
_GREEK_SIGN = re.compile(r"(?<![\u0370-\u03ff])[\u0391-\u03c9](?![\u0370-\u03ff])")
_MICRO = re.compile(r"[µμ](?=(?:m|g|l|L|s|A|V|F|W)\b)")
_OHM = re.compile(r"(?<=\d)\s?[kM]?Ω")

# What speech has words for (see signs.py), beside letters, digits and the marks of a keyboard.
_SIGNS = frozenset("€£¥₹₽₩₪₿¢§©®°±×÷≈≠≤≥√∞→←↑↓∑π‰^−–—†‡¶µΩ")
# Latin letters beyond what the phonemiser knows, by what is nearest.
_NEAREST = str.maketrans({
    "ə": "e", "Ə": "E", "ɛ": "e", "Ɛ": "E", "ɔ": "o", "Ɔ": "O", "ɪ": "i", "ʊ": "u", "ɑ": "a", "ɡ": "g", "ɹ": "r",
    "ʃ": "sh", "ʒ": "zh", "θ": "th", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ɲ": "ny", "ɣ": "g", "ƴ": "y", "ʋ": "v",
    "ș": "ş",
    "ț": "ts", "Ș": "Ş", "Ț": "Ts", "ẞ": "ss", "đ": "d", "Đ": "D", "ð": "th", "Ð": "Th", "þ": "th", "Þ": "Th", "ħ": "h",
    "Ħ": "H",
    "ł": "l", "Ł": "L", "ŧ": "t", "Ŧ": "T", "ŋ": "ng", "Ŋ": "Ng", "ß": "ss", "ĸ": "k", "ŉ": "'n", "ſ": "s",
})  # fmt: skip
# Letters with an accent that the phonemiser reads by name ("c cedilla") outside the words that it knows.
_READ_AS_THEY_ARE = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿāăąćčēĕėęěğīĭįıłńňōŏőœřśşšūŭůűųźżž")

# Scripts by the first word of a character's name, as a reader would call them.
_SCRIPTS = {
    "CJK": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "MODIFIER": "phonetic",
}


def clean(text: str) -> tuple[str, list[str]]:
    """A text in letters, digits and marks that can be read in English, and what was left out of it, kind by kind.

    Letters with accents, typographic quotes, full-width and mathematical letters, digits of other scripts, fractions
    and single Greek letters are kept in a form that is read. Emoji, words in other scripts, control characters and
    unknown symbols are left out; "2 emoji (😀 🚀)" is how each kind is told.
    """
    if text.isascii() and text.isprintable():
        return text, []
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n\n")
    text = _SPACES.sub(_space, text)
    text = unicodedata.normalize("NFC", text)
    text = _ORDINAL_INDICATOR.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = _SUPERSCRIPT.sub(_superscript, text)
    text = _VULGAR_FRACTION.sub(_fraction, text)
    text = _OHM.sub(_ohm, _MICRO.sub("µ", text))
    text = _GREEK_SIGN.sub(_greek, text.translate(_QUOTES_AND_DASHES))
    left_out: dict[str, list[str]] = {}
    kept = []
    for character in text:
        spoken = _keep(character)
        if spoken is None:
            left_out.setdefault(_kind(character), []).append(character)
            spoken = "" if unicodedata.category(character) in ("Mn", "Me", "Cc") else " "
        kept.append(spoken)
    return "".join(kept), [_told(kind, found) for kind, found in left_out.items()]


def _space(found: re.Match[str]) -> str:
    return "\n" if found[0] in "\u2028\x85\v\f" else " "


def _superscript(found: re.Match[str]) -> str:
    return "^" + found[1].translate(_SUPERSCRIPTS) if found[1] else found[0].translate(_SUPERSCRIPTS)


def _fraction(found: re.Match[str]) -> str:
    value = unicodedata.normalize("NFKC", found[2]).replace("⁄", "/")
    return f"{found[1]} {value}"


def _ohm(found: re.Match[str]) -> str:
    sign = found[0].strip()
    return " " + {"k": "kilohms", "M": "megohms"}.get(sign[0], "ohms")


def _greek(found: re.Match[str]) -> str:
    """A single Greek letter by its name: α is "alpha"; µ before a unit is the prefix."""
    name = unicodedata.name(found[0], "").split(" WITH")[0].split()
    if not name or name[0] != "GREEK":
        return found[0]
    before, behind = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return f"{' ' * before.isalnum()}{name[-1].lower()}{' ' * behind.isalnum()}"


def _keep(character: str) -> str | None:
    """The character as it is read, "" for what is invisible, None for what is left out."""
    if character.isascii():
        return character if character.isprintable() or character in "\n\t" else None
    if character in _SIGNS:
        return character
    category = unicodedata.category(character)
    if category in ("Cf", "Sk") or "\ufe00" <= character <= "\ufe0f":
        # Joiners, direction marks, soft hyphens; skin tones belong to the emoji before them.
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category.startswith("L") or category == "No":
        return _letter(character)
    if category.startswith("P") or category == "Zs":
        plain = unicodedata.normalize("NFKC", character)
        return plain if plain.isascii() else " "
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain != character and plain.isascii() and plain.isprintable() else None


def _letter(character: str) -> str | None:
    if character.lower() in _READ_AS_THEY_ARE:
        return character
    plain = unicodedata.normalize("NFKD", character.translate(_NEAREST)).translate(_NEAREST)
    plain = "".join(one for one in plain if not unicodedata.combining(one)).replace("⁄", "/")
    readable = plain and all(one.isascii() or one.lower() in _READ_AS_THEY_ARE for one in plain)
    return plain if readable else None


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    if category.startswith("L"):
        name = unicodedata.name(character, "UNKNOWN").split()[0]
        return f"{_SCRIPTS.get(name, name.capitalize())} letter"
    if category.startswith("M"):
        return "combining mark"
    if category == "Cc":
        return "control character"
    if category.startswith("C"):
        return "unknown character"
    point = ord(character)
    if point >= 0x1F000 or 0x2600 <= point <= 0x27BF or 0x2300 <= point <= 0x23FF or 0x2B00 <= point <= 0x2BFF:
        return "emoji"
    return "symbol"


def _told(kind: str, found: list[str]) -> str:
    number = f"{len(found):,} {kind}{'' if kind == 'emoji' or len(found) == 1 else 's'}"
    if kind.endswith("letter"):
        return f"{number} ({_few(found, '')})"
    if kind in ("control character", "unknown character", "combining mark"):
        return f"{number} ({_few((f'U+{ord(one):04X}' for one in dict.fromkeys(found)), ' ')})"
    return f"{number} ({_few(dict.fromkeys(found), ' ')})"


def _few(characters: Iterable[str], between: str) -> str:
    shown = list(characters)
    return between.join(shown[:_EXAMPLES]) + ("…" if len(shown) > _EXAMPLES else "")
