"""What the journals of a folder say together: of every unit whether it is made."""

from array import array
from collections.abc import Iterator
from pathlib import Path

from voxproof.datasets.build.journal import ROWS, Entry, parsed

NONE, MADE, FAILED = 0, 1, 2


class Done:
    """All journals of a folder: of every unit whether it is made, has failed or neither, and where its line stands.

    A unit that is told several times counts as made if it was made once. A row whose sound is gone counts as not made.
    """

    def __init__(self, folder: Path, total: int) -> None:
        self._files = sorted((folder / ROWS).glob("*.jsonl"))
        self.state = bytearray(total)
        self._where, self._which = array("Q", bytes(8 * total)), array("H", bytes(2 * total))
        self.strangers = 0  # lines of units that this plan has not: a plan that was changed by hand
        for which, file in enumerate(self._files):
            self._read(folder, which, file)

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
        opened = [file.open("rb") for file in self._files]
        try:
            for number, is_state in enumerate(self.state):
                if is_state == state:
                    file = opened[self._which[number]]
                    file.seek(self._where[number])
                    entry = parsed(file.readline())
                    assert entry is not None
                    yield entry
        finally:
            for file in opened:
                file.close()

    def _read(self, folder: Path, which: int, file: Path) -> None:
        place = 0
        with file.open("rb") as lines:
            for line in lines:
                start, place = place, place + len(line)
                entry = parsed(line) if line.endswith(b"\n") else None
                if entry is None:
                    continue
                if entry.number >= len(self.state):
                    self.strangers += 1
                    continue
                if not entry.failed and not _there(folder, entry.row.path):
                    continue
                if not (entry.failed and self.state[entry.number] == MADE):
                    self.state[entry.number] = FAILED if entry.failed else MADE
                    self._where[entry.number], self._which[entry.number] = start, which


def _there(folder: Path, path: str) -> bool:
    return Path(path).is_absolute() or (folder / path).is_file()
