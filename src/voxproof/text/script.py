"""What is to be said, not cut into utterances yet: runs of text with their prosody, and the breaks between them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

from voxproof.text.prosody import PLAIN, Prosody

T = TypeVar("T")


@dataclass(frozen=True)
class Run:
    """Some text (pronunciations in it are escaped, see `voxproof.text.escapes`) and how it is said."""

    text: str
    prosody: Prosody = PLAIN


@dataclass(frozen=True)
class Break:
    """A place where speech is cut, and the silence in seconds.

    An `exact` silence is as long at any rate of speech. The end of an element `<s>` is not `asked` for by anybody: the
    usual pause of a sentence stays.
    """

    seconds: float
    exact: bool = False
    asked: bool = True


@dataclass(frozen=True)
class Tag:
    """What holds for a character: its prosody, and how many breaks stand before it."""

    prosody: Prosody = PLAIN
    section: int = 0


@dataclass
class Script:
    """A text of readable characters with a tag for each that is no white space, and its breaks in order.

    Sentences and clauses are found in the text alone; they only move white space, so the tags follow by counting.
    """

    text: str = ""
    tags: list[Tag] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)


def tagged_parts(pieces: Iterable[str], tags: list[T]) -> Iterator[list[tuple[str, T]]]:
    """For each of the pieces into which a text was cut, its parts of one tag each, in order.

    `tags` has one tag for each character of the text that is no white space; the pieces hold those characters in the
    same order.
    """
    at = 0
    for piece in pieces:
        count = sum(not character.isspace() for character in piece)
        own = tags[at : at + count]
        at += count
        if own.count(own[0]) == count:  # nearly always
            yield [(piece, own[0])]
            continue
        waiting = iter(own)
        last = own[0]
        marked = []
        for character in piece:
            last = last if character.isspace() else next(waiting)
            marked.append((character, last))
        yield [("".join(one for one, _ in group), tag) for tag, group in groupby(marked, key=lambda pair: pair[1])]
