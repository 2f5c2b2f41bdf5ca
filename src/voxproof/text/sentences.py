"""Text to sentences: split at sentence ends, and long ones at clauses; no character but white space is lost."""

import re

from voxproof.text.clauses import LONGEST_PIECE, clauses

# Behind these a sentence never ends: a name, a number or a word follows.
_NEVER_LAST = frozenset(
    """mr mrs ms messrs mme mlle dr prof rev hon gen col maj capt lt sgt cpl pvt cmdr adm sen rep gov pres supt insp fr
    br mt ft st vs e.g i.e cf viz no nos fig figs p pp ch chap vol vols sec art eq approx ca c al v ver op jan feb
    mar apr jun jul aug tel ext sep sept oct nov dec mon tue tues wed thu thur thurs fri""".split()
)
# Behind these one ends where the next word is a likely first word.
_MAYBE_LAST = frozenset(
    """etc inc ltd co corp jr sr esq ave blvd rd hwy bros u.s u.k u.n u.s.a e.u d.c ph.d m.d b.a m.a b.sc m.sc a.m p.m
    b.c a.d est dept univ in ft oz lb lbs min max hr hrs""".split()
)
# Of the first list, those that may also be a word or end a name: "He said no." "in Oct." "St. He", "Elm St. It".
_ALSO_WORDS = frozenset("no art sec al mar sun fr ch mon dec jan oct nov st dr fig p".split())
_FIRST_WORDS = frozenset(
    """The A An He She It They We You I This That These Those There Here His Her Its Their Our My Your In On At By From
    For With Without After Before When While Where What Who Why How If As But And Or So Yet Then However Although
    Because Since Now Not No Yes Do Does Did Is Are Was Were Have Has Had Can Could Will Would Should May Might Must
    Let All Some Many Most Each Every One Two Three Another Please Later Soon Once Today Yesterday Tomorrow Perhaps
    Maybe Meanwhile""".split()
)

_END = re.compile(r"(?<![.!?…])(?P<marks>[.!?…]++)(?P<closing>[\"'”’»)\]]*)\s+(?=\S)")
_NEXT_WORD = re.compile(r"[\"'“‘«(\[]*([^\W\d_]+(?:'\w+)?|\d)?")
_LAST_TOKEN = re.compile(r"[\"'“‘(\[]*(\S*)$")
_BLANK_LINE = re.compile(r"\n\s*\n")
_BULLET = re.compile(r"\s*(?:[-*•‣◦]|\(?\d{1,3}[.)]|[a-z]\))\s+\S")
_SHORT_LINE = 40  # characters; a line broken before is a heading or verse, not a paragraph that was wrapped
_FULL_SENTENCE = 5  # words


def sentences(text: str) -> list[str]:
    """The sentences of a text of any length, none longer than about 200 characters.

    Longer ones are split at semicolons, commas, conjunctions, and where there is nothing else at a space. Joined by
    spaces the result is the text with its white space made single: nothing is lost, nothing is added.
    """
    return [
        piece
        for paragraph in paragraphs(text)
        for sentence in whole_sentences(paragraph)
        for piece in clauses(sentence, LONGEST_PIECE)
    ]


def paragraphs(text: str) -> list[str]:
    """What empty lines separate, lines inside kept."""
    return [paragraph for paragraph in _BLANK_LINE.split(text) if paragraph.strip()]


def whole_sentences(paragraph: str) -> list[str]:
    """The sentences of one paragraph, however long; headings, verses and items of a list stand by themselves."""
    return [sentence for line in _lines(paragraph) for sentence in _split(line)]


def _lines(paragraph: str) -> list[str]:
    """Lines that were wrapped are joined; a line that ends itself or is followed by an item of a list is not."""
    joined: list[list[str]] = []
    last = ""
    for line in paragraph.split("\n"):
        words = " ".join(line.split())
        if not words:
            continue
        starts = _BULLET.match(line) or (
            len(last) < _SHORT_LINE and words[0].isupper() and last[-1:] not in (",", ";", "-", "—", "")
        )
        if joined and not starts:
            joined[-1].append(words)
        else:
            joined.append([words])
        last = words
    return [" ".join(lines) for lines in joined]


def _split(line: str) -> list[str]:
    found = []
    start = 0
    for end in _END.finditer(line):
        if _is_end(line, start, end):
            found.append(line[start : end.end()].rstrip())
            start = end.end()
    rest = line[start:].strip()
    return [*found, rest] if rest else found


def _is_end(line: str, start: int, end: re.Match[str]) -> bool:
    """Whether the marks end a sentence, judged by the word before them and the word behind."""
    following = _NEXT_WORD.match(line, end.end())
    word = (following[1] or "") if following else ""
    if word[:1].islower():
        return False
    marks = end["marks"]
    if marks != ".":
        return True
    token_match = _LAST_TOKEN.search(line, max(start, end.start() - 40), end.start())
    token = token_match[1] if token_match else ""
    name = token.lower()
    if token.isdigit() and not line[start : end.start()].strip(" (").removesuffix(token):
        return False  # "1. First" at the head of an item
    if name in _NEVER_LAST:
        if name in ("no", "nos", "fig", "p", "pp", "vol", "ch", "sec", "art") and word.isdigit():
            return False
        return name in _ALSO_WORDS and word in _FIRST_WORDS
    if len(token) == 1 and token.isalpha() and (token.isupper() or name in ("a", "i")):
        return word in _FIRST_WORDS and word not in ("A", "I")
    if name in _MAYBE_LAST or re.fullmatch(r"(?:[a-z]\.)+[a-z]", name):
        return word in _FIRST_WORDS or _is_likely_end(name, word, line[start : end.start()]) or bool(end["closing"])
    return True


def _is_likely_end(name: str, word: str, before: str) -> bool:
    """Behind "etc." a capital starts a sentence; behind a time only where it would not be "At 5 a.m. Bob woke"."""
    if not word[:1].isupper():
        return False
    return name == "etc" or (name in ("a.m", "p.m") and len(before.split()) >= _FULL_SENTENCE)
