"""Whether a counted thing stands in the plural ("it costs five dollars") or before a noun ("a five dollar bill")."""

import re

# Words that follow an amount without being a noun that the amount describes.
_NOT_NOUNS = frozenset(
    """a about after against all although and are as at be because been before between but by can could did do does
    during each every for from had has have he her his if in into is it its less may might more my of off on only or
    our out over per plus she should since so than that the their there they this through to today until up was we
    were when where which while who will with within without would yet you your""".split()
)
_DETERMINER = re.compile(r"\b(?:an?|another|each|every)\s+$", re.IGNORECASE)
_NEXT_WORD = re.compile(r"[ -]([a-z]+)")


def describes_noun(found: re.Match[str]) -> bool:
    """Whether the matched amount stands as an adjective: an article before it, and a noun or a hyphen behind."""
    text = found.string
    following = _NEXT_WORD.match(text, found.end())
    if following is None:
        return False
    if text[found.end()] == "-":
        return True
    if following[1] in _NOT_NOUNS:
        return False
    return _DETERMINER.search(text, max(0, found.start() - 12), found.start()) is not None
