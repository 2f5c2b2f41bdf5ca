"""`Address`: a place in a store, asked as a `Path` is asked, so that whoever works with folders works with both.

It is no `os.PathLike`: what opens paths cannot open one by accident.
"""

import io
import posixpath
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TextIO, TypeAlias, overload

from voxproof.errors import VoxproofError
from voxproof.places.access import MissingError, asking, file_system
from voxproof.places.remote_file import RemoteFile

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]+)://(.*)", re.DOTALL)
_PASSWORD = re.compile(r"[^/@]*:[^/@]*@")
_BUFFER = 2**18  # bytes
_WEB = ("http", "https")
# Where what is written appears whole or not at all; elsewhere it is written aside and then moved.
_OBJECT_STORES = frozenset("s3 s3a gs gcs az abfs abfss oss oci".split())


@dataclass(frozen=True)
class Address:
    """A URL without a slash at its end; `place` makes them. What fails raises an `AddressError`."""

    url: str

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, name: str) -> "Address":
        joined = f"{self._bare.rstrip('/')}/{_quoted(name) if self.protocol in _WEB else name}"
        return Address(_normal(joined))

    @property
    def protocol(self) -> str:
        """What stands before `://`."""
        return self.url.partition("://")[0]

    @property
    def shown(self) -> str:
        """For messages: without the query, in which web addresses carry signatures and tokens."""
        return self._bare

    @property
    def name(self) -> str:
        """The last part, without a query."""
        return self._bare.partition("://")[2].rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """With its dot; empty if there is none."""
        return Path(self.name).suffix

    @property
    def stem(self) -> str:
        """The name without its suffix."""
        return Path(self.name).stem

    @property
    def parent(self) -> "Address":
        """The folder that it lies in; a bucket or a host is its own."""
        return Address(self._bare.rpartition("/")[0]) if "/" in self._bare.partition("://")[2] else self

    def with_name(self, name: str) -> "Address":
        """Another one beside it."""
        return self.parent / name

    def absolute(self) -> "Address":
        """Itself."""
        return self

    resolve = absolute

    def is_file(self) -> bool:
        """Whether there is an object of this name. Unlike a path it does not call one missing that it cannot ask."""
        return self._kind() == "file"

    def is_dir(self) -> bool:
        """Whether something lies below it."""
        return self.protocol not in _WEB and self._kind() == "directory"

    def exists(self) -> bool:
        """One or the other."""
        return self._kind() != ""

    def listed(self) -> Iterator[tuple["Address", bool]]:
        """What lies directly below it, in the order of names, and whether it is a folder; nothing if it is none."""
        system, path = self._system()
        try:
            with asking(self.shown):
                system.invalidate_cache()  # others write there too
                found = system.ls(path, detail=True)
        except MissingError:
            return
        inside = [one for one in found if one["name"].strip("/") != path.strip("/")]
        for name, kind in sorted((one["name"].rstrip("/").rpartition("/")[2], one["type"]) for one in inside):
            yield self / name, kind == "directory"

    def iterdir(self) -> Iterator["Address"]:
        """What lies directly below it."""
        return (one for one, _ in self.listed())

    @overload
    def open(self, mode: Literal["rb"]) -> io.BufferedReader: ...
    @overload
    def open(self, mode: Literal["r"] = "r", *, encoding: str = ..., newline: str | None = ...) -> TextIO: ...
    def open(
        self, mode: Literal["r", "rb"] = "r", *, encoding: str = "utf-8", newline: str | None = None
    ) -> TextIO | io.BufferedReader:
        """For reading, as a stream."""
        system, path = self._system()
        with asking(self.shown):
            raw = RemoteFile(system.open(path, "rb"), self.shown)
        buffered: io.BufferedReader = io.BufferedReader(raw, _BUFFER)
        if mode == "rb":
            return buffered
        return io.TextIOWrapper(buffered, encoding=encoding, newline=newline)

    def read_bytes(self) -> bytes:
        """All of it."""
        system, path = self._system()
        with asking(self.shown):
            return bytes(system.cat_file(path))

    def read_text(self, encoding: str = "utf-8") -> str:
        """All of it as text."""
        return self.read_bytes().decode(encoding)

    def write_bytes(self, data: bytes) -> int:
        """Put all of it there at once, in place of what was there."""
        self._put(lambda system, path: system.pipe_file(path, data))
        return len(data)

    def put(self, file: Path) -> None:
        """Put a file of this computer there at once."""
        self._put(lambda system, path: system.put_file(str(file), path))

    def unlink(self, missing_ok: bool = False) -> None:
        """Remove it."""
        system, path = self._system()
        try:
            with asking(self.shown):
                system.rm_file(path)
        except MissingError:
            if not missing_ok:
                raise

    def mkdir(self, parents: bool = False, exist_ok: bool = False) -> None:
        """Nothing: folders are there as soon as something lies in them."""

    @property
    def _bare(self) -> str:
        return self.url.partition("?")[0] if self.protocol in _WEB else self.url

    def _system(self) -> tuple[Any, str]:
        return file_system(self.url, self.shown)

    def _kind(self) -> str:
        """`file`, `directory`, or nothing if it is not there."""
        system, path = self._system()
        try:
            with asking(self.shown):
                system.invalidate_cache()
                return str(system.info(path)["type"])
        except MissingError:
            return ""

    def _put(self, write: Any) -> None:
        if self.protocol in _WEB:
            raise VoxproofError(f"{self.shown}: nothing can be written to {self.protocol}://; it is for reading")
        system, path = self._system()
        with asking(self.shown):
            if self.protocol in _OBJECT_STORES:
                write(system, path)
                return
            folder, _, name = path.rpartition("/")
            aside = f"{folder}/.{secrets.token_hex(4)}-{name}"
            system.makedirs(folder, exist_ok=True)
            try:
                write(system, aside)
                system.mv(aside, path)
            except BaseException:
                if system.exists(aside):
                    system.rm_file(aside)
                raise


Place: TypeAlias = Path | Address


def is_address(text: str) -> bool:
    """Whether it is a URL, and not a path."""
    return "://" in text and _URL.match(text) is not None


def place(text: str | Path | Address) -> Place:
    """Where a text leads: an `Address` if it is a URL, else a path, also if its protocol is `file`.

    `VoxproofError` for an address that holds a password, or that leads into the memory of one process.
    """
    if not isinstance(text, str):
        return text
    found = _URL.fullmatch(text)
    if found is None:
        return Path(text)
    protocol, rest = found[1].lower(), found[2]
    if protocol in ("file", "local"):
        return Path(rest)
    if _PASSWORD.match(rest):
        raise VoxproofError(f"{protocol}://: an address must not hold a password; give it by the store's environment")
    if protocol == "memory":
        raise VoxproofError(f"{text}: every process would have a memory of its own; give a folder or a store")
    return Address(_normal(f"{protocol}://{rest}"))


def beside(folder: Place, name: str) -> Place:
    """What a name in a manifest means, whose folder is given: relative to it, an absolute path, or an address."""
    if is_address(name):
        return place(name)
    return Path(name) if isinstance(folder, Address) and name.startswith("/") else folder / name


def _normal(url: str) -> str:
    """Without a slash at the end and without `.` and `..`, which lead nowhere above the bucket or host."""
    protocol, _, rest = url.partition("://")
    query = ""
    if protocol in _WEB:
        rest, mark, query = rest.partition("?")
        query = mark + query
    host, _, path = rest.partition("/")
    if {".", ".."} & set(path.split("/")):
        path = posixpath.normpath(f"/{path}").lstrip("/")
    if protocol not in _WEB:
        path = path.rstrip("/")
    return f"{protocol}://{host}/{path}{query}" if path else f"{protocol}://{host}{query}"


def _quoted(name: str) -> str:
    """A file's name within a web address, where two characters would end the path."""
    return name.replace("?", "%3F").replace("#", "%23")
