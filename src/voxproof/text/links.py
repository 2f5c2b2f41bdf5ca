"""Addresses to words: URLs, e-mail addresses, hosts, hashtags and handles."""

import re

from voxproof.text.numbers import digits

_TLDS = "com|org|net|edu|gov|mil|int|info|io|ai|dev|app|uk|de|fr|eu|ca|au|jp|ch|nl|se|es|tv|ly|co"
_HOST = rf"(?:[A-Za-z0-9-]{{1,63}}\.){{1,8}}(?:{_TLDS})"
_PATH = r"(?:[/?#][^\s<>\"')\]]*)?"
_URL = re.compile(
    rf"(?<![\w@])(?:(?:https?|ftp)://[^\s<>\"')\]]+|(?:www\.[A-Za-z0-9-]+\.|{_HOST}(?![\w.@-]*\w)){_PATH}[^\s<>\"')\]]*)"
)
_FILES = "js|md|txt|pdf|docx?|xlsx?|pptx?|csv|py|exe|zip|mp[34]|wav|flac|png|jpe?g|gif|html?|json|xml|ya?ml|toml|ini"
_FILE = re.compile(rf"(?<![\w.@/-])[A-Za-z0-9_-]{{1,64}}(?:\.[A-Za-z0-9_-]{{1,32}}){{0,3}}\.(?:{_FILES})(?![\w.@-]*\w)")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b")
_HASHTAG = re.compile(r"(?<!\w)#(?=[A-Za-z_])(\w+)")
_HANDLE = re.compile(r"(?<!\w)@(?=[A-Za-z_])(\w+)")
_SCHEME = re.compile(r"^(?:https?|ftp)://")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_SIGNS = {
    ".": "dot",
    "/": "slash",
    "-": "dash",
    "_": "underscore",
    "@": "at",
    "?": "question mark",
    "=": "equals",
    "&": "and",
    "#": "hash",
    "%": "percent",
    ":": "colon",
    "+": "plus",
    "~": "tilde",
    ",": "comma",
    ";": "semicolon",
    "!": "exclamation mark",
    "*": "star",
    "$": "dollar",
}
_SPELLED = frozenset("www uk de fr eu au jp ch nl se es tv io ai html js md php pdf http https ftp id".split())


def verbalise_links(text: str) -> str:
    """Every address in words, its scheme (https) left unsaid as people do."""
    text = _EMAIL.sub(lambda found: _spell(found[0]), text)
    text = _URL.sub(_url, text)
    text = _FILE.sub(lambda found: _spell(found[0]), text)
    text = _HASHTAG.sub(lambda found: "hashtag " + _HUMP.sub(" ", found[1]).replace("_", " "), text)
    return _HANDLE.sub(lambda found: "at " + found[1].replace("_", " underscore "), text)


def _url(found: re.Match[str]) -> str:
    address = found[0].rstrip(".,;:!?*'")  # marks behind an address belong to the sentence
    tail = found[0][len(address) :]
    return _spell(_SCHEME.sub("", address).rstrip("/")) + tail


def _spell(address: str) -> str:
    words = []
    for piece in _PIECE.findall(address):
        if piece.isdigit():
            words.append(digits(piece))
        elif piece in _SIGNS:
            words.append(_SIGNS[piece])
        elif piece.lower() in _SPELLED:
            words.append(" ".join(piece.upper()))
        else:
            words.append(piece)
    return " ".join(words)
