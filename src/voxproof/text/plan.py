"""What a cloner speaks, piece by piece: words, phonemes, how they are said, and the pause behind."""

import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from voxproof.errors import TextError
from voxproof.text.clauses import LONGEST_PIECE, clauses
from voxproof.text.escapes import shown
from voxproof.text.phonemes import MARKS, phonemes
from voxproof.text.pronunciations import Pronunciations
from voxproof.text.prosody import PLAIN, Prosody
from voxproof.text.reading import read_script
from voxproof.text.script import Script, Tag, tagged_parts
from voxproof.text.sentences import paragraphs, whole_sentences
from voxproof.text.spoken import verbalise
from voxproof.text.transcription import stressed

# Silence behind a piece, in seconds.
PAUSE_CLAUSE = 0.15
PAUSE_SENTENCE = 0.35
PAUSE_PARAGRAPH = 0.7

_LAST_COMMA = re.compile(r"([,;:])[\"')\]]*\s*$")

Part = tuple[str, Prosody]


@dataclass(frozen=True)
class Utterance:
    """One piece of speech: its words, their phonemes (`voxproof.text.SYMBOLS`), the silence behind in seconds.

    `prosody` has one entry for each symbol of the phonemes, or none where everything is said as usual. An exact pause
    is as long at any rate of speech.
    """

    text: str
    phonemes: str
    pause_after_seconds: float
    prosody: tuple[Prosody, ...] = ()
    pause_is_exact: bool = False


@dataclass(frozen=True)
class _Unit:
    """What is said without a break: words and how, the number of breaks before, the usual mark and pause behind."""

    parts: list[Part]
    section: int
    mark: str = ","
    pause: float = PAUSE_CLAUSE


def plan(text: str, pronunciations: Pronunciations | None = None) -> list[Utterance]:
    """The utterances of a text of at most 100,000 characters, each short enough for one breath of a synthesizer.

    A sentence is one utterance; a long one is split at its clauses, and any at the breaks of SSML. The last utterance
    has no pause behind it but one that was asked for. What cannot be spoken (emoji, other scripts, control characters,
    elements of SSML) is left out with a UserWarning that names it; TextError says why nothing can be spoken at all,
    and where a pronunciation or SSML is wrong.
    """
    script, left_out = read_script(text, pronunciations)
    utterances: list[Utterance] = []
    sections: list[int] = []
    for unit in _units(script):
        made = list(_utterances(unit))
        utterances += made
        sections += [unit.section] * len(made)
    if not utterances:
        raise TextError("nothing in the text can be spoken: give words in Latin letters, or digits")
    if any(one.asked and one.seconds for one in script.breaks[: sections[0]]):
        left_out.append("the break before the first word")
    if left_out:
        warnings.warn(f"left out of the speech: {'; '.join(left_out)}", stacklevel=2)
    utterances[-1] = replace(utterances[-1], pause_after_seconds=0.0)
    behind = [*sections[1:], len(script.breaks)]
    for number, (section, following) in enumerate(zip(sections, behind, strict=True)):
        asked = [one for one in script.breaks[section:following] if one.asked]
        if asked:
            seconds, exact = sum(one.seconds for one in asked), any(one.exact for one in asked)
            utterances[number] = replace(utterances[number], pause_after_seconds=seconds, pause_is_exact=exact)
    return utterances


def _units(script: Script) -> Iterator[_Unit]:
    """Sentences in words, cut where a break stands."""
    sentences = [whole_sentences(paragraph) for paragraph in paragraphs(script.text)]
    tagged = tagged_parts((one for paragraph in sentences for one in paragraph), script.tags)
    for paragraph in sentences:
        units: list[_Unit] = []
        for _ in paragraph:
            spoken = [
                _Unit(parts, section)
                for section, parts in _sections(next(tagged), script)
                if any(words for words, _ in parts)
            ]
            if spoken:
                spoken[-1] = replace(spoken[-1], mark=".", pause=PAUSE_SENTENCE)
            units += spoken
        if units:
            units[-1] = replace(units[-1], pause=PAUSE_PARAGRAPH)
        yield from _with_ends(units, script)


def _sections(tagged: list[tuple[str, Tag]], script: Script) -> list[tuple[int, list[Part]]]:
    """The parts of a sentence in words between two breaks each, with the section; a break of no length cuts nothing."""
    found: list[tuple[int, list[tuple[str, Prosody]]]] = []
    for section, group in groupby(tagged, key=lambda pair: pair[1].section):
        written = [(text, tag.prosody) for text, tag in group]
        silent = found and all(one.asked and not one.seconds for one in script.breaks[found[-1][0] : section])
        before = found.pop()[1] if silent else []
        found.append((section, before + written))
    return [(section, _in_words(written)) for section, written in found]


def _in_words(written: list[Part]) -> list[Part]:
    """Each part in words; a comma at the end of one stays, for speech goes on behind it."""
    if len(written) == 1:
        return [(verbalise(written[0][0]), written[0][1])]
    parts = []
    for text, prosody in written:
        words = verbalise(text)
        comma = _LAST_COMMA.search(text)
        if words and comma and words[-1] not in MARKS:
            words += comma[1]
        parts.append((words, prosody))
    return [(words, prosody) for words, prosody in parts if words]


def _with_ends(units: list[_Unit], script: Script) -> Iterator[_Unit]:
    """The units; one that ends with an element <s> ends a sentence, whatever its marks say."""
    for unit, following in pairwise(units):
        ends = script.breaks[unit.section : following.section]
        cut = unit.mark == "," and not all(one.asked for one in ends)
        yield replace(unit, mark=".", pause=PAUSE_SENTENCE) if cut else unit
    yield from units[-1:]


def _utterances(unit: _Unit) -> Iterator[Utterance]:
    """A unit in pieces of one breath each."""
    joined = " ".join(words for words, _ in unit.parts)
    tags = [prosody for words, prosody in unit.parts for one in words if not one.isspace()]
    pieces = clauses(joined, LONGEST_PIECE)
    made = [
        said
        for number, parts in enumerate(tagged_parts(pieces, tags), 1)
        if (said := _utterance(parts, *((unit.mark, unit.pause) if number == len(pieces) else (",", PAUSE_CLAUSE))))
    ]
    if made:
        made[-1] = replace(made[-1], pause_after_seconds=unit.pause)
    yield from made


def _utterance(parts: Iterable[Part], mark: str, pause: float) -> Utterance | None:
    """The parts in phonemes; where no mark ends them, the one given makes the voice fall or wait."""
    symbols = ""
    how: list[Prosody] = []
    texts = []
    for words, prosody in parts:
        texts.append(words.strip())
        try:
            said = phonemes(words)
        except TextError:  # letters that have no sound by themselves: the pause before them is enough
            continue
        said = (" " if symbols else "") + (stressed(said) if prosody.stressed else said)
        symbols += said
        how += [prosody] * len(said)
    if not symbols:
        return None
    if symbols[-1] not in MARKS:
        symbols += mark
        how.append(how[-1])
    plain = all(one == PLAIN for one in how)
    return Utterance(shown(" ".join(texts)), symbols, pause, () if plain else tuple(how))
