"""What is done, told as it is done: lines of JSON that are only ever appended.

A row stands in a journal only when its sound is on disk. Whatever is killed leaves at most one torn line at the end,
which counts as never written. Journals at an address are kept in `segments`.
"""

import json
import os
import time
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from voxproof.corpora import COLUMNS, Row
from voxproof.corpora.row import from_cells
from voxproof.datasets.build.lease import Lease
from voxproof.datasets.build.segments import Segments
from voxproof.errors import CorpusError
from voxproof.places import Place

ROWS = "rows"  # the folder of journals within that of the set
_BATCH = 16  # rows between two waits for the disk
_BATCH_SECONDS = 5.0
WAIT = 600.0  # seconds for a process of a killed run to end its last unit


class Entry(NamedTuple):
    """What came of a unit: its number and id, its row, and whether that says why it failed."""

    number: int
    id: str
    row: Row
    failed: bool = False

    def line(self) -> bytes:
        """One line of a journal; fields of the row that say nothing are left out."""
        cells = {name: cell for name, cell in zip(COLUMNS, self.row.cells(), strict=True) if cell}
        facts = {"n": self.number, "id": self.id, "failed": self.failed, "row": cells}
        return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def parsed(line: bytes) -> Entry | None:
    """The entry of a line; None of one that is torn or is no entry."""
    try:
        facts: dict[str, Any] = json.loads(line)
        cells = facts["row"]
        path = cells.get("path") or "-"  # the row of what failed has none
        row = from_cells(COLUMNS, [cells.get(name, "") if name != "path" else path for name in COLUMNS])
        failed = bool(facts["failed"])
        return Entry(int(facts["n"]), str(facts["id"]), row._replace(path="") if failed else row, failed)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


class Journal:
    """One that this process appends to.

    On this computer nobody else may meanwhile, so it waits for a killed run's process to let go of it.
    """

    def __init__(self, path: Place, wait: float = WAIT) -> None:
        self._lines = _Appended(path, wait) if isinstance(path, Path) else Segments(path)

    def add(self, entry: Entry) -> None:
        """Append one; now and then everything so far is waited for to be on disk."""
        self._lines.add(entry.line())

    def sync(self) -> None:
        """Wait until everything is on disk."""
        self._lines.sync()

    def close(self) -> None:
        """The last entry too is on disk then."""
        self._lines.close()


class _Appended:
    """A file of this computer that lines are appended to."""

    def __init__(self, path: Path, wait: float) -> None:
        self._lock = _lock_of(path)
        try:
            self._lock.acquire(timeout=wait)
        except Timeout:
            raise CorpusError(f"{path}: another process writes to it; wait for it to end") from None
        self._file = path.open("ab+")
        self._end_torn_line()
        self._unsynced = 0
        self._synced = time.monotonic()

    def add(self, line: bytes) -> None:
        self._file.write(line)
        self._file.flush()  # a killed process loses nothing that it has told
        self._unsynced += 1
        if self._unsynced >= _BATCH or time.monotonic() - self._synced > _BATCH_SECONDS:
            self.sync()

    def sync(self) -> None:
        os.fsync(self._file.fileno())
        self._unsynced, self._synced = 0, time.monotonic()

    def close(self) -> None:
        self.sync()
        self._file.close()
        self._lock.release()

    def _end_torn_line(self) -> None:
        """What follows must not be taken for the rest of a torn line."""
        size = self._file.seek(0, os.SEEK_END)
        if size:
            self._file.seek(size - 1)
            if self._file.read(1) != b"\n":
                self._file.write(b"\n")


def settle(folder: Place, shard: str) -> None:
    """Wait until no process of a killed run writes to the shard's journals: each ends its unit, then itself.

    At an address none of them writes where another one does, so nobody waits.
    """
    if not isinstance(folder, Path):
        return
    for path in sorted((folder / ROWS).glob(f"{shard}-*.jsonl")):
        with_lock = _lock_of(path)
        try:
            with_lock.acquire(timeout=WAIT)
        except Timeout:
            raise CorpusError(f"{path}: a process of an earlier run still writes to it; end it first") from None
        with_lock.release()


def only_run(folder: Place, shard: str) -> FileLock | Lease:
    """The lock that a run of a shard holds; `CorpusError` if another one does."""
    if not isinstance(folder, Path):
        return Lease(folder / ROWS / f"{shard}.lease").take()
    lock = FileLock(folder / ROWS / f"{shard}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise CorpusError(f"{folder}: another run of this shard is at work there; wait for it, or end it") from None
    return lock


def _lock_of(path: Path) -> FileLock:
    return FileLock(path.with_suffix(".lock"))
