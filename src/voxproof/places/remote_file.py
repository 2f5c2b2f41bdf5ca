"""A file of a store, open for reading: what fails in the middle of it is told as what fails at its beginning."""

import io
from typing import Any

from voxproof.places.access import asking


class RemoteFile(io.RawIOBase):
    """What fsspec has opened; `name` is the address without its secrets."""

    def __init__(self, file: Any, name: str) -> None:
        self._file = file
        self.name = name

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """Not where a web server sends files only from their beginning."""
        return bool(self._file.seekable())

    def readinto(self, buffer: Any) -> int:
        """Up to as many bytes as fit; 0 at the end."""
        with asking(self.name):
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As of any file."""
        with asking(self.name):
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        """As of any file."""
        return int(self._file.tell())

    def close(self) -> None:
        """Let go of the connection."""
        if not self.closed:
            self._file.close()
        super().close()
