"""Roman numerals to words where they are numbers: Henry VIII, Chapter IV, World War II, MCMXCIV."""

import re

from voxproof.text.numbers import cardinal, ordinal, year

_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_NUMERAL = r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_ANY = rf"(?=[IVXLCDM])(?P<numeral>{_NUMERAL})\b"

# Names that rulers and popes share: behind them a numeral is an ordinal ("the eighth").
_RULERS = """Alexander Alfonso Benedict Catherine Charles Christian Clement Constantine Edward Elizabeth Ferdinand
    Francis Frederick George Gregory Gustav Haakon Harald Henry Innocent Ivan James John Joseph Juan Julius Leo Leopold
    Louis Ludwig Mary Maximilian Mehmed Napoleon Nicholas Olaf Otto Paul Pedro Peter Philip Pius Ramesses Rameses
    Richard Robert Rudolf Sigismund Suleiman Thutmose Ptolemy Umberto Urban Victoria Vittorio Wilhelm William Xerxes
    Darius Cyrus Artaxerxes Carlos Felipe Henri Albert Baudouin Margaret Anne Theodore Theodosius Justinian
    Valentinian""".split()
_TITLES = "King|Queen|Pope|Emperor|Empress|Tsar|Czar|Kaiser|Sultan|Prince|Princess|Duke|Saint|St\\."
_PARTS = """Chapter Part Act Scene Book Volume Vol\\. Section Article Appendix Canto Phase Type Mark Class Level Stage
    Grade Title Figure Table Plate Exhibit Schedule Unit Lesson Verse Stanza Division Episode Round Season Group Factor
    Quadrant Region Tier Category""".split()
_WARS = r"World\s+War|Super\s+Bowl|Vatican|Apollo|Saturn|Titan|Star\s+Wars|Final\s+Fantasy|Rocky|Olympiad"

_WORLD_WAR = re.compile(r"\bWW(I{1,2})\b")
_REGNAL = re.compile(rf"\b(?P<name>(?:{_TITLES})\s+[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?|(?:{'|'.join(_RULERS)}))\s+{_ANY}")
_PART = re.compile(rf"\b(?P<name>{'|'.join(_PARTS)}|{_WARS})\s+{_ANY}(?!')", re.IGNORECASE)
_CENTURY = re.compile(rf"\b{_ANY}(?=(?:th)?[\s-]+(?:century|centuries|dynasty)\b)(?:th)?")
_AFTER_NAME = re.compile(
    r"(?<=[a-z])\s+(?P<numeral>II|III|IV|VI|VII|VIII|IX|XI|XII|XIII|XIV|XV|XVI|XVII|XVIII|XIX|XX)\b(?![-/&])"
)
_BARE = re.compile(rf"(?<![\w'-])(?=[IVXLCDM]{{4}}|(?:III|VII|XII|XVI|XIX|XXI)\b){_ANY}(?![\w'-])")
# A single "I" behind a ruler's name is the numeral only where the pronoun cannot stand.
_NO_PRONOUN = re.compile(
    r"\s+(?:of|was|is|had|and|the|died|ruled|reigned|became|who|in|on|to|at|by|for|as)\b|'s\b|[,.;:!?)]|\s*$"
)


def value(numeral: str) -> int:
    """The number that a well-formed Roman numeral stands for."""
    total = 0
    values = [_VALUES[letter] for letter in numeral.upper()]
    for this, following in zip(values, [*values[1:], 0], strict=True):
        total += -this if this < following else this
    return total


def verbalise_roman(text: str) -> str:
    """Roman numerals in words: ordinals behind rulers and before "century", cardinals elsewhere, years when long."""
    text = _WORLD_WAR.sub(lambda found: f"World War {cardinal(str(len(found[1])))}", text)
    text = _PART.sub(lambda found: _part(found), text)
    text = _REGNAL.sub(_regnal, text)
    text = _CENTURY.sub(lambda found: ordinal(str(value(found["numeral"]))), text)
    text = _AFTER_NAME.sub(lambda found: " " + cardinal(str(value(found["numeral"]))), text)
    return _BARE.sub(_bare, text)


def _part(found: re.Match[str]) -> str:
    numeral = found["numeral"]
    if not (numeral.isupper() or numeral.islower()) or not found["name"][0].isupper():
        return found[0]
    if numeral == "i" and not found["name"].lower().startswith(("chapter", "scene", "act", "part", "section")):
        return found[0]
    return f"{found['name']} {cardinal(str(value(numeral)))}"


def _regnal(found: re.Match[str]) -> str:
    numeral = found["numeral"]
    if numeral == "I" and not _NO_PRONOUN.match(found.string, found.end()):
        return found[0]
    if numeral in "CDLM":  # an initial: Henry C., King David M.
        return found[0]
    return f"{found['name']} the {ordinal(str(value(numeral)))}"


def _bare(found: re.Match[str]) -> str:
    number = value(found["numeral"])
    return year(str(number)) if 1100 <= number < 2100 else cardinal(str(number))
