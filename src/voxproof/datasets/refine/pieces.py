"""What a row of the result is made of: stretches of source files, joined, and operations on the sound, in order.

Row steps and sound steps change this description alone; the sound itself is read and written once, at the end. The
name of what is written is a hash of the description, so what is on disk already is known by its name.
"""

import hashlib
import json
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from voxproof.corpora.row import Row

VERSION = 1  # of what operations do to sound: another number gives everything another name


@dataclass(frozen=True)
class Stretch:
    """A part of a source file, from `start` to `end` in seconds; an `end` of 0 is the end of the file.

    `source` is how plan and manifest name the file and `size` its bytes; `file`, where it lies now, makes no difference
    to what it is.
    """

    source: tuple[str, str]
    size: int
    start: float = 0.0
    end: float = 0.0
    file: str = field(default="", compare=False, repr=False)

    def facts(self) -> list[Any]:
        """For the hash."""
        return [*self.source, self.size, self.start, self.end]


@dataclass(frozen=True)
class Operation:
    """One operation of `sound.OPERATIONS` and its values."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Piece:
    """Parts, joined with `gap` seconds between them, and what is done to the whole, in order."""

    parts: tuple["Stretch | Piece", ...]
    gap: float = 0.0
    operations: tuple[Operation, ...] = ()

    def then(self, name: str, *values: float) -> "Piece":
        """The same with one more operation behind the others."""
        return replace(self, operations=(*self.operations, Operation(name, values)))

    def kept(self, start: float, end: float) -> "Piece":
        """From `start` to `end` seconds of it. Of a file on which nothing was done that is a shorter stretch."""
        start, end = round(start, 6), round(end, 6)
        (first, *others) = self.parts
        if others or self.operations or isinstance(first, Piece):
            return self.then("keep", start, end)
        moved = replace(first, start=round(first.start + start, 6), end=round(first.start + end, 6))
        return replace(self, parts=(moved,))

    def stretches(self) -> Iterator[Stretch]:
        """All stretches in it, in order."""
        for part in self.parts:
            if isinstance(part, Piece):
                yield from part.stretches()
            else:
                yield part

    def facts(self) -> list[Any]:
        """For the hash."""
        done = [[one.name, *one.values] for one in self.operations]
        return [[part.facts() for part in self.parts], self.gap, done]


class Planned(NamedTuple):
    """A row of the result as far as it is planned: what is known of it, and what it is made of.

    `row.duration_s` is its length in seconds, `row.id` and `row.path` are still those of (one of) its sources.
    """

    row: Row
    piece: Piece


def key(piece: Piece, seed: int) -> str:
    """The id of what is made so: 24 hexadecimal digits."""
    told = json.dumps([VERSION, seed, piece.facts()], ensure_ascii=False)
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def drawn(*parts: object) -> int:
    """A number from 0 to 2**52 - 1 (which a float holds) that only depends on `parts`."""
    told = json.dumps([str(part) for part in parts]).encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big") >> 12


def fraction(*parts: object) -> float:
    """`drawn` as a number from 0 to below 1."""
    return drawn(*parts) / 2**52


def joined(pieces: Sequence[Piece], gap: float) -> Piece:
    """The pieces one behind the other; what is a bare stretch becomes a part itself."""
    bare = [one.parts[0] if len(one.parts) == 1 and not one.operations else one for one in pieces]
    return Piece(tuple(bare), gap) if len(pieces) > 1 else pieces[0]


def together(keys: Sequence[Collection[Hashable]]) -> list[int]:
    """The number of each item's group: items that share a key are in one, directly or through others (union-find)."""
    parent = list(range(len(keys)))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    first: dict[Hashable, int] = {}
    for number, own in enumerate(keys):
        for one in own:
            low, high = sorted((root(first.setdefault(one, number)), root(number)))
            parent[high] = low
    return [root(number) for number in range(len(keys))]


def batches(planned: Sequence[Planned], size: int, most: int) -> list[list[int]]:
    """Numbers of rows in lists of about `size`; rows that share a source file are in one, unless it gets over `most`.

    So one process reads a file, and reads it once.
    """
    groups = together([{stretch.source for stretch in one.piece.stretches()} for one in planned])
    made: list[list[int]] = [[]]
    before = -1
    for number in sorted(range(len(planned)), key=lambda number: (groups[number], number)):
        if len(made[-1]) >= (size if groups[number] != before else most):
            made.append([])
        made[-1].append(number)
        before = groups[number]
    return [one for one in made if one]
