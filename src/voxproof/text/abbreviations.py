"""Abbreviations to words: Dr., St., Mr., No., etc., e.g.; and initials without their full stops."""

import re

_TITLES = {
    "Mr": "Mister", "Mrs": "Missus", "Ms": "Miz", "Messrs": "Messieurs", "Mme": "Madame", "Mlle": "Mademoiselle",
    "Prof": "Professor", "Rev": "Reverend", "Hon": "Honorable", "Gen": "General", "Col": "Colonel", "Maj": "Major",
    "Capt": "Captain", "Lt": "Lieutenant", "Sgt": "Sergeant", "Cpl": "Corporal", "Pvt": "Private", "Cmdr": "Commander",
    "Adm": "Admiral", "Sen": "Senator", "Rep": "Representative", "Gov": "Governor", "Pres": "President",
    "Supt": "Superintendent", "Insp": "Inspector", "Fr": "Father", "Br": "Brother", "Mt": "Mount", "Ft": "Fort",
}  # fmt: skip
_NEEDS_NO_STOP = frozenset(["Mr", "Mrs", "Ms", "Messrs", "Mme", "Mlle", "Prof", "Capt", "Sgt", "Lt"])

# Written with a full stop; read wherever they stand.
_WORDS = {
    "etc": "et cetera", "vs": "versus", "approx": "approximately", "dept": "department", "est": "established",
    "inc": "incorporated", "ltd": "limited", "corp": "corporation", "bros": "brothers", "jr": "junior", "sr": "senior",
    "esq": "esquire", "ave": "avenue", "blvd": "boulevard", "rd": "road", "hwy": "highway", "apt": "apartment",
    "assn": "association", "univ": "university", "govt": "government", "misc": "miscellaneous", "cf": "compare",
    "viz": "namely", "al": "al", "ibid": "ibid", "ca": "circa", "tel": "telephone", "ext": "extension",
    "max": "maximum",
    "min": "minimum", "avg": "average", "no": "no", "mgr": "manager", "asst": "assistant", "intl": "international",
    "natl": "national", "mfg": "manufacturing", "pkg": "package", "qty": "quantity", "resp": "respectively",
}  # fmt: skip
_SURE = {"etc", "vs", "approx", "dept", "inc", "ltd", "corp", "bros", "jr", "sr", "esq", "ave", "blvd", "hwy", "cf",
         "viz", "asst", "govt", "intl", "univ", "assn", "apt", "mfg", "natl", "mgr"}  # fmt: skip
# Written before a number.
_NUMBERED = {
    "no": "number", "nos": "numbers", "nr": "number", "fig": "figure", "figs": "figures", "p": "page", "pp": "pages",
    "ch": "chapter", "chap": "chapter", "vol": "volume", "vols": "volumes", "sec": "section", "art": "article",
    "eq": "equation", "ref": "reference", "ver": "version", "ed": "edition", "ca": "circa", "c": "circa",
    "tel": "telephone", "ext": "extension", "max": "maximum", "min": "minimum", "avg": "average", "op": "opus",
    "est": "established", "app": "appendix", "rd": "road", "rm": "room", "par": "paragraph", "ln": "line",
}  # fmt: skip
_PHRASES = [
    (re.compile(r"\be\.\s?g\.?(?=[\s,:;)]|$)", re.IGNORECASE), "for example"),
    (re.compile(r"\bi\.\s?e\.?(?=[\s,:;)]|$)", re.IGNORECASE), "that is"),
    (re.compile(r"\ba\.\s?k\.\s?a\.?(?!\w)|\baka\b", re.IGNORECASE), "also known as"),
    (re.compile(r"\bw/o(?!\w)"), "without"),
    (re.compile(r"\bw/(?=\s?\w)"), "with "),
    (re.compile(r"\bc/o(?!\w)"), "care of"),
    (re.compile(r"\band/or\b", re.IGNORECASE), "and or"),
    (re.compile(r"\bvs\b(?!\.)"), "versus"),
    (re.compile(r"\bv\.(?=\s[A-Z])"), "versus"),
    (re.compile(r"\bet al\b\.?", re.IGNORECASE), "et al"),
    (re.compile(r"(?<=\d(?:st|nd|rd|th)) c\.(?=\s|$)"), " century"),
    (re.compile(r"\bPh\.?\s?D\b\.?"), "P H D"),
]
_SAINT_OR_STREET = re.compile(r"\bSt\b(?P<stop>\.?)(?=(?P<after>\s+[A-Z][a-z]+)?)")
_DOCTOR_OR_DRIVE = re.compile(r"\bDr\b(?P<stop>\.?)(?=(?P<after>\s+[A-Z][\w']*\.?)?)")
_NAME_BEFORE = re.compile(r"\b([A-Z0-9][\w']*)\s+$")
_TITLE = re.compile(rf"(?<![\w&])({'|'.join(sorted(_TITLES, key=len, reverse=True))})\b(\.?)(?=(?P<name>\s+[A-Z\"'])?)")
_BEFORE_NUMBER = re.compile(
    rf"\b({'|'.join(sorted(_NUMBERED, key=len, reverse=True))})\.\s?(?=[#\d]|[IVXL]+\b)", re.IGNORECASE
)
_WORD = re.compile(rf"\b({'|'.join(sorted(_SURE, key=len, reverse=True))})\.(?P<last>['\")]*\s*$)?", re.IGNORECASE)
_INITIALS = re.compile(
    r"(?<![\w.])(?P<letters>(?:[A-Za-z]\.){2,}|(?:[A-Z]\.\s?){1,8}(?=[A-Z][a-z]))(?P<bare>[A-Za-z](?![\w']))?"
)
_CAPITALS = frozenset("The A An In On At And But He She It They We You I From To Near By".split())
_CLOSING = "\"')] "


def verbalise_abbreviations(text: str) -> str:
    """Abbreviations in full words; the full stop stays where it also ends the sentence."""
    for pattern, words in _PHRASES:
        text = pattern.sub(lambda found, words=words: words + _kept_stop(found), text)  # type: ignore[misc]
    text = _BEFORE_NUMBER.sub(lambda found: _like(found[1], _NUMBERED[found[1].lower()]) + " ", text)
    text = _SAINT_OR_STREET.sub(lambda found: _either(found, "Saint", "Street"), text)
    text = _DOCTOR_OR_DRIVE.sub(lambda found: _either(found, "Doctor", "Drive"), text)
    text = _TITLE.sub(_title, text)
    text = _WORD.sub(_word, text)
    return _INITIALS.sub(_initials, text)


def _kept_stop(found: re.Match[str]) -> str:
    """The full stop of an abbreviation that stands at the end of the sentence."""
    return "." if found[0].endswith(".") and not found.string[found.end() :].strip(_CLOSING) else ""


def _like(written: str, words: str) -> str:
    return words.capitalize() if written[0].isupper() else words


def _either(found: re.Match[str], before_name: str, after_name: str) -> str:
    """Saint or Street, Doctor or Drive: a title stands before a name, a street's kind behind one."""
    name = _NAME_BEFORE.search(found.string, max(0, found.start() - 40), found.start())
    behind_name = name is not None and name[1] not in _CAPITALS
    number_before = name is not None and name[1][0].isdigit()
    after = (found["after"] or "").strip(" .")
    if after and not (behind_name and (number_before or after in _CAPITALS)):
        return before_name
    if behind_name:
        return after_name + _kept_stop(found) + ("." if after else "")
    if found["stop"] and not after and found.string[found.end() :].strip(_CLOSING):
        return before_name
    return found[0]


def _title(found: re.Match[str]) -> str:
    if found[1] not in _NEEDS_NO_STOP and not (found[2] and found["name"]):
        return found[0]
    return _TITLES[found[1]]


def _word(found: re.Match[str]) -> str:
    words = _like(found[1], _WORDS[found[1].lower()])
    return words if found["last"] is None else f"{words}.{found['last']}"


def _initials(found: re.Match[str]) -> str:
    letters = re.findall(r"[A-Za-z]", found["letters"] + (found["bare"] or ""))
    spaced = " ".join(letter.upper() for letter in letters)
    if found["bare"]:
        return spaced
    following = found.string[found.end() :]
    if not following.strip(_CLOSING):
        return spaced + "."
    return spaced + (" " if following[0].isalnum() else "")
