"""What the journals of a folder say together: of every unit whether it is made."""

from array import array
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from voxproof.datasets.build.journal import ROWS, Entry, parsed
from voxproof.datasets.build.segments import spooled
from voxproof.places import Address, Place, is_address

NONE, MADE, FAILED = 0, 1, 2


class Done:
    """All journals of a folder: of every unit whether it is made, has failed or neither, and where its line stands.

    A unit that is told several times counts as made if it was made once. A row whose sound is gone counts as not made.
    """

    def __init__(self, folder: Place, total: int) -> None:
        self._folder = folder
        self._files = sorted((folder / ROWS).glob("*.jsonl")) if isinstance(folder, Path) else []
        self._spool = None if isinstance(folder, Path) else spooled(folder / ROWS)
        self._listed: dict[str, frozenset[str]] = {}
        self.state = bytearray(total)
        self._where, self._which = array("Q", bytes(8 * total)), array("H", bytes(2 * total))
        self.strangers = 0  # lines of units that this plan has not: a plan that was changed by hand
        for which, file in enumerate(self._files):
            with file.open("rb") as lines:
                self._read(which, lines)
        if self._spool is not None:
            self._read(0, self._spool)
        self._listed.clear()

    def count(self, state: int) -> int:
        """How many units are in that state."""
        return self.state.count(state)

    def missing(self) -> Iterator[int]:
        """Numbers of units that are neither made nor failed."""
        place = self.state.find(NONE)
        while place >= 0:
            yield place
            place = self.state.find(NONE, place + 1)

    def entries(self, state: int) -> Iterator[Entry]:
        """Entries of units in that state, in the order of the plan."""
        with ExitStack() as stack:
            opened: list[BinaryIO] = [stack.enter_context(file.open("rb")) for file in self._files]
            if self._spool is not None:
                opened.append(self._spool)
            for number, is_state in enumerate(self.state):
                if is_state == state:
                    file = opened[self._which[number]]
                    file.seek(self._where[number])
                    entry = parsed(file.readline())
                    assert entry is not None
                    yield entry

    def _read(self, which: int, lines: Iterable[bytes]) -> None:
        place = 0
        for line in lines:
            start, place = place, place + len(line)
            entry = parsed(line) if line.endswith(b"\n") else None
            if entry is None:
                continue
            if entry.number >= len(self.state):
                self.strangers += 1
                continue
            if not entry.failed and not self._there(entry.row.path):
                continue
            if not (entry.failed and self.state[entry.number] == MADE):
                self.state[entry.number] = FAILED if entry.failed else MADE
                self._where[entry.number], self._which[entry.number] = start, which

    def _there(self, path: str) -> bool:
        """Whether a row's sound is there; null rows name their source's, wherever that is."""
        if Path(path).is_absolute() or is_address(path):
            return True
        if isinstance(self._folder, Path):
            return (self._folder / path).is_file()
        within, _, name = path.rpartition("/")
        if within not in self._listed:  # a question a folder, not one a sound
            self._listed[within] = _names(self._folder / within)
        return name in self._listed[within]


def _names(folder: Address) -> frozenset[str]:
    return frozenset(one.name for one in folder.iterdir())
