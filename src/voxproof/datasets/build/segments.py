"""Journals at an address, where nothing can be appended to: lines of JSON in segments that are put there whole.

The newest segment is put anew with more lines, every few seconds, until it is full. What was made, but not told when
a process was killed, is made again: the same bytes under the same name.
"""

import secrets
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO, cast

from voxproof.places import Address

ROWS = 500  # of a full segment, some 300 kB
SECONDS = 10.0  # what a killed process loses at most, and the unit that it was at
_AT_ONCE = 16  # segments read at the same time


class Segments:
    """What one process writes of a journal: `<journal>-<8 digits of its own>-<number>.jsonl`.

    No two processes ever write the same segment, so that one which was thought dead takes nothing from another.
    """

    def __init__(self, journal: Address) -> None:
        self._base = journal.with_name(f"{journal.stem}-{secrets.token_hex(4)}")
        self._number = 1
        self._lines: list[bytes] = []
        self._told = 0  # lines of this segment that are there
        self._time = time.monotonic()
        self._failed = False

    def add(self, line: bytes) -> None:
        """One more line; it is put there now or within seconds."""
        self._lines.append(line)
        if len(self._lines) >= ROWS or time.monotonic() - self._time > SECONDS:
            self.sync()

    def sync(self) -> None:
        """Put what is not there yet."""
        if len(self._lines) > self._told:
            self._failed = True
            self._base.with_name(f"{self._base.name}-{self._number:06}.jsonl").write_bytes(b"".join(self._lines))
            self._failed = False
            self._told = len(self._lines)
        if self._told >= ROWS:
            self._number += 1
            self._lines, self._told = [], 0
        self._time = time.monotonic()

    def close(self) -> None:
        """Put the rest; not where the last attempt failed, whose error is on its way already."""
        if not self._failed:
            self.sync()


def spooled(journals: Address) -> BinaryIO:
    """All segments in the folder of journals behind each other, in a file without a name on this computer."""
    spool = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as whoever reads it)
    found = [one for one in journals.iterdir() if one.suffix == ".jsonl"]
    with ThreadPoolExecutor(_AT_ONCE) as readers:
        for start in range(0, len(found), _AT_ONCE):  # so many in memory, not all
            spool.writelines(readers.map(Address.read_bytes, found[start : start + _AT_ONCE]))
    spool.seek(0)
    return cast(BinaryIO, spool)
