"""Where encoded bytes come from: a path, bytes, or an open binary file; never a URL, never without a bound."""

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from voxproof.audio.limits import MAX_BYTES, check_size
from voxproof.audio.sniffing import sniff
from voxproof.errors import AudioError

_CHUNK = 2**20  # bytes


@dataclass(frozen=True)
class Source:
    """A seekable file with what is known of it: a name for messages, the size in bytes, the format by its magic."""

    name: str
    file: BinaryIO
    size: int
    format: str

    def at(self, offset: int, count: int) -> bytes:
        """Up to `count` bytes from `offset` on."""
        self.file.seek(offset)
        return self.file.read(count)


@contextmanager
def opened(source: object, *, any_size: bool = False) -> Iterator[Source]:
    """`source` as a `Source`; `AudioError` if there is nothing to read or it is not of a format that is read.

    With `any_size` a path may lead to a file of any size: for those who read only a part of it.
    """
    if isinstance(source, str | os.PathLike):
        with _open_path(source) as file:
            name, size = printable(os.fsdecode(source)), os.fstat(file.fileno()).st_size
            check_size(name, min(size, 1) if any_size else size)
            yield _sniffed(name, file, size)
    elif isinstance(source, bytes | bytearray | memoryview):
        size = memoryview(source).nbytes
        check_size("the audio", size)
        yield _sniffed("the audio", io.BytesIO(source), size)
    elif hasattr(source, "read"):
        name = printable(str(getattr(source, "name", "the audio")))
        data = _read_bounded(name, source)
        check_size(name, len(data))
        yield _sniffed(name, io.BytesIO(data), len(data))
    else:
        raise AudioError(
            f"cannot read audio from {type(source).__name__}: give a path, bytes, an open binary file, an Audio, or an "
            "array with rate="
        )


def printable(name: str) -> str:
    """`name` for a message of one line."""
    return name if name.isprintable() and name else ascii(name)


def _sniffed(name: str, file: BinaryIO, size: int) -> Source:
    file.seek(0)
    found = sniff(name, file.read(64))
    file.seek(0)
    return Source(name, file, size, found)


def _open_path(path: str | os.PathLike[str]) -> BinaryIO:
    """The file, opened by descriptor: its `name` is then a number, and no library chooses a format by a suffix."""
    name = printable(os.fsdecode(path))
    try:
        mode = Path(path).stat().st_mode  # before opening: opening a pipe would wait for a writer
        if stat.S_ISDIR(mode):
            raise AudioError(f"{name}: this is a folder, not an audio file")
        if not stat.S_ISREG(mode):
            raise AudioError(f"{name}: this is a device or a pipe, not an audio file")
        return os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)), "rb")
    except FileNotFoundError:
        hint = "; download it first" if "://" in name else ""
        raise AudioError(f"{name}: there is no such file{hint}") from None
    except (OSError, ValueError) as reason:
        raise AudioError(f"{name}: cannot be opened: {getattr(reason, 'strerror', None) or reason}") from None


def _read_bounded(name: str, file: object) -> bytes:
    """All of an open binary file from where it stands, at most the limit, and nothing past a magic that is refused."""
    chunks: list[bytes] = []
    total = 0
    try:
        while chunk := file.read(_CHUNK):  # type: ignore[attr-defined]
            if not isinstance(chunk, bytes):
                raise AudioError(f"{name}: opened as text; open the file in binary mode ('rb')")
            if not chunks:
                sniff(name, chunk[:64])
            total += len(chunk)
            if total > MAX_BYTES:
                check_size(name, max(total, MAX_BYTES + 2**20 + 1))
            chunks.append(chunk)
    except (OSError, ValueError) as reason:
        raise AudioError(f"{name}: cannot be read: {reason}") from None
    return b"".join(chunks)
