"""SSML, the W3C's markup of speech, to runs and breaks: break, emphasis, prosody, phoneme, say-as, sub, p, s.

Speech Synthesis Markup Language 1.1 (W3C, 2010). A document is bounded in length and depth, and one with a DOCTYPE is
refused: nothing in it can be expanded or fetched. Elements that say something which no engine here can do are read
through, and their names come back.
"""

import re
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from voxproof.errors import TextError
from voxproof.text.arpabet import from_arpabet
from voxproof.text.prosody import EMPHASIS, PLAIN, Prosody, pitch, rate, volume
from voxproof.text.say_as import say_as
from voxproof.text.script import Break, Run
from voxproof.text.transcription import from_ipa

DEEPEST = 50  # elements within each other
LONGEST_BREAK = 10.0  # seconds
MOST_SILENCE = 600.0  # seconds of breaks in one document: a few kilobytes ask for no hour of silence

# Seconds; without a strength a break is a medium one. A sentence's own pause is 0.35 s, a paragraph's 0.7 s.
STRENGTHS = {"none": 0.0, "x-weak": 0.1, "weak": 0.15, "medium": 0.35, "strong": 0.7, "x-strong": 1.2}
SENTENCE = Break(0.35, asked=False)

_SPEAK = re.compile(r"\ufeff?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?>.*?-->)\s*)*+<(?:\w+:)?speak(?=[\s/>])", re.DOTALL)
_DOCTYPE_FIRST = re.compile(r"\ufeff?\s*(?:<\?xml[^>]*\?>\s*)?<!DOCTYPE\s+speak\b", re.IGNORECASE)
_SECONDS = re.compile(r"\+?(\d+\.?\d*|\.\d+)\s?(ms|s)")
_BLANKS = re.compile(r"\s+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NOT_SAID = frozenset("metadata meta lexicon lookup title desc".split())
_PROSODY = {"rate": rate, "pitch": pitch, "volume": volume}
_UNSAID_PROSODY = frozenset("contour range duration".split())


def is_ssml(text: str) -> bool:
    """Whether a text is a document of SSML and not plain: it begins with <speak."""
    return bool(_SPEAK.match(text) or _DOCTYPE_FIRST.match(text))


def read_ssml(text: str) -> tuple[list[Run | Break], list[str]]:
    """The runs and breaks of a document, and the names of what was read through because nothing here can do it.

    Raises `TextError` with line and column for what is not well-formed, values that are none, a DOCTYPE, more than 50
    levels, a break above 10 s, and more than 600 s of breaks.
    """
    reader = _Reader()
    text = text.removeprefix("\ufeff")
    if (stripped := text.lstrip()).startswith("<?xml"):  # nothing may stand before it
        text = stripped
    try:
        reader.parser.Parse(_SURROGATES.sub("\ufffd", text).encode(), True)
    except expat.ExpatError as error:
        what = expat.errors.messages.get(error.code, "") if isinstance(error.code, int) else ""
        what = what or expat.ErrorString(error.code)
        raise TextError(f"SSML, line {error.lineno}, column {error.offset + 1}: not well-formed ({what})") from None
    return reader.script, list(reader.unsaid)


@dataclass
class _Element:
    name: str
    prosody: Prosody
    said: str | None = None  # what is said in place of its text
    kind: tuple[str, str] | None = None  # say-as: how its text is read
    skipped: bool = False


class _Reader:
    """Collects what is said while expat walks through the document."""

    def __init__(self) -> None:
        self.script: list[Run | Break] = []
        self.unsaid: dict[str, None] = {}  # in order of appearance
        self._silence = 0.0
        self._open: list[_Element] = []
        self._text: list[str] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text.append

    def _refuse(self, what: str) -> TextError:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        return TextError(f"SSML, line {line}, column {column}: {what}")

    def _doctype(self, *_: Any) -> None:
        raise self._refuse("a DOCTYPE is refused: take it out, <speak> alone is enough")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.removeprefix("ssml:")
        self._say()
        if not self._open and name != "speak":
            raise self._refuse(f"the document begins with <{tag}>, not with <speak>")
        if len(self._open) >= DEEPEST:
            raise self._refuse(f"more than {DEEPEST} elements within each other")
        around = self._open[-1] if self._open else _Element("", PLAIN)
        element = _Element(name, around.prosody, skipped=around.skipped or name in _NOT_SAID)
        self._open.append(element)
        try:
            self._enter(element, {key: value.strip() for key, value in attributes.items()})
        except TextError as wrong:
            raise self._refuse(f"<{tag}>: {wrong}") from None

    def _enter(self, element: _Element, attributes: dict[str, str]) -> None:
        name = element.name
        if name == "break":
            self._add(self._break(attributes))
        elif name == "prosody":
            element.prosody = self._prosody(attributes).within(element.prosody)
        elif name == "emphasis":
            level = attributes.get("level", "moderate")
            if level not in EMPHASIS:
                raise TextError(f"level={level!r} is none: write {', '.join(EMPHASIS)}")
            element.prosody = EMPHASIS[level].within(element.prosody)
        elif name == "phoneme":
            element.said = self._phoneme(attributes)
        elif name == "sub":
            if "alias" not in attributes:
                raise TextError("it has no alias: write what is said, alias='...'")
            element.said = attributes["alias"]
        elif name == "say-as":
            if "interpret-as" not in attributes:
                raise TextError("it does not say what the text is: write interpret-as='date', for instance")
            element.kind = attributes["interpret-as"], attributes.get("format", "")
        elif name == "p":
            self._add(Run("\n\n"))
        elif name == "s":
            self._add(SENTENCE)
        elif name != "speak" and not element.skipped:
            self.unsaid[f"<{name}>"] = None
        if name == "speak" and len(self._open) > 1:
            self.unsaid["<speak> within <speak>"] = None

    def _end(self, tag: str) -> None:
        self._say()
        element = self._open.pop()
        if element.name == "p":
            self._add(Run("\n\n"))
        elif element.name == "s":
            self._add(SENTENCE)
        elif element.name in ("phoneme", "sub") and element.said and not element.skipped:
            self._add(Run(element.said, element.prosody))

    def _say(self) -> None:
        """Add the text since the last tag as the innermost element wants it said."""
        text = _BLANKS.sub(" ", "".join(self._text))
        self._text.clear()
        if not text or not self._open:
            return
        element = self._open[-1]
        if element.skipped or any(one.said for one in self._open):
            return
        if element.kind is not None and text.strip():
            words = say_as(text, *element.kind)
            if words is None:
                kind, layout = element.kind
                self.unsaid[f"<say-as interpret-as='{kind}'{f' format={layout!r}' if layout else ''}> of {text!r}"] = (
                    None
                )
            else:
                text = f" {words} "
        self._add(Run(text, element.prosody))

    def _add(self, one: Run | Break) -> None:
        if self._open and self._open[-1].skipped:
            return
        self.script.append(one)

    def _break(self, attributes: dict[str, str]) -> Break:
        if "time" not in attributes:
            strength = attributes.get("strength", "medium")
            if strength not in STRENGTHS:
                raise TextError(f"strength={strength!r} is none: write {', '.join(STRENGTHS)}")
            return Break(STRENGTHS[strength])
        found = _SECONDS.fullmatch(attributes["time"])
        if found is None:
            raise TextError(f"time={attributes['time']!r} is none: write 500ms or 1.5s")
        seconds = float(found[1]) / (1000 if found[2] == "ms" else 1)
        self._silence += seconds
        if seconds > LONGEST_BREAK:
            raise TextError(f"time={attributes['time']!r} is longer than {LONGEST_BREAK:g} s")
        if self._silence > MOST_SILENCE:
            raise TextError(f"the breaks are longer than {MOST_SILENCE:g} s together")
        return Break(seconds, exact=True)

    def _prosody(self, attributes: dict[str, str]) -> Prosody:
        for name in attributes.keys() & _UNSAID_PROSODY:
            self.unsaid[f"<prosody {name}>"] = None
        factors = {name: read(attributes[name]) for name, read in _PROSODY.items() if name in attributes}
        return Prosody(factors.get("rate", 1.0), factors.get("pitch", 1.0), factors.get("volume", 1.0))

    def _phoneme(self, attributes: dict[str, str]) -> str | None:
        """The pronunciation, escaped; None where the alphabet is not ours, and the text is read."""
        if "ph" not in attributes:
            raise TextError("it has no ph: write the pronunciation, ph='...'")
        alphabet = attributes.get("alphabet", "ipa").lower()
        if alphabet == "ipa":
            return " ".join(f"{{/{from_ipa(word)}/}}" for word in attributes["ph"].split() or [""])
        if alphabet in ("x-arpabet", "arpabet"):
            return f"{{/{from_arpabet(attributes['ph'])}/}}"
        self.unsaid[f"<phoneme alphabet='{alphabet}'>"] = None
        return None
