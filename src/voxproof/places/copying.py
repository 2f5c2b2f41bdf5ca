"""From and to places: files that are written here and appear there whole, and sounds that are brought here."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from voxproof.errors import VoxproofError
from voxproof.files import write_aside
from voxproof.places.access import DeniedError, MissingError
from voxproof.places.address import Address, Place

_CHUNK = 2**20  # bytes
_LONGEST_NAME = 200  # characters


@contextmanager
def write_whole(target: Place, error: type[VoxproofError] = VoxproofError) -> Iterator[Path]:
    """A path of this computer to write to, which becomes `target` when the block ends well: `write_aside` for both."""
    if isinstance(target, Path):
        with write_aside(target, error) as aside:
            yield aside
        return
    with tempfile.TemporaryDirectory(prefix="voxproof-") as folder:
        local = Path(folder, target.name)
        yield local
        target.put(local)


def copy_whole(source: Place, target: Place, error: type[VoxproofError] = VoxproofError) -> None:
    """The same bytes at `target`, whole or not at all; on one disk the same file under a second name."""
    if isinstance(target, Path):
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, Path):
            try:
                os.link(source, target)
                return
            except OSError:  # another file system
                pass
    elif isinstance(source, Path):
        target.put(source)
        return
    with source.open("rb") as read, write_whole(target, error) as aside, aside.open("wb") as written:
        shutil.copyfileobj(read, written, _CHUNK)


@contextmanager
def brought(address: Address, most: int) -> Iterator[Path]:
    """What lies at an address as a file of this computer under its own name, and the `.json` beside it if there is one.

    They are there until the block ends. No more than `most` bytes and one are brought of each.
    """
    with tempfile.TemporaryDirectory(prefix="voxproof-") as folder:
        file = Path(folder, address.name[-_LONGEST_NAME:] or "unnamed")
        file.write_bytes(fetched(address, most))
        with suppress(MissingError, DeniedError):
            file.with_name(f"{file.name}.json").write_bytes(fetched(address.with_name(f"{address.name}.json"), most))
        yield file


def fetched(address: Address, most: int) -> bytes:
    """What lies at an address, but no more than `most` bytes and one, which tells that there are more."""
    chunks, total = [], 0
    with address.open("rb") as file:
        while total <= most and (chunk := file.read(min(_CHUNK, most + 1 - total))):
            chunks.append(chunk)
            total += len(chunk)
    return b"".join(chunks)
