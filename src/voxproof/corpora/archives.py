"""Archives that owners of corpora publish: fetched whole, resumed where a line broke, checked by hash, unpacked."""

import shutil
import tarfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path, PurePosixPath
from typing import IO

import voxproof
from voxproof.errors import CorpusError
from voxproof.places import hash_of

Told = Callable[[int, int], None]
"""Told of bytes that are there, and of how many there will be (0: not known)."""
TIMEOUT = 60.0  # seconds without a byte
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Archive:
    """A file that owners publish: which part of the corpus it is, where, and its hash (`md5:...`, `sha256:...`)."""

    part: str
    url: str
    hash: str

    @property
    def file(self) -> str:
        """Its name."""
        return PurePosixPath(self.url).name


def fetch(archive: Archive, folder: Path, told: Told) -> Path:
    """Download into `folder`, from where an earlier try ended. `CorpusError` for a line that breaks or another hash."""
    target, part = folder / archive.file, folder / f".{archive.file}.part"
    if target.is_file():
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _download(archive.url, part, told)
        kind, _, known = archive.hash.partition(":")
        if hash_of(part, kind) != known:
            part.unlink()
            raise CorpusError(
                f"{archive.url}: what came has another hash than {archive.hash}, and was thrown away; try again later"
            )
        part.replace(target)
    except urllib.error.HTTPError as reason:
        raise CorpusError(f"{archive.url}: the server answers {reason.code} {reason.reason}") from None
    except (HTTPException, TimeoutError, urllib.error.URLError) as reason:
        why = getattr(reason, "reason", reason)
        kept = f"; {part.stat().st_size >> 20:,} MiB are kept" if part.exists() else ""
        raise CorpusError(f"{archive.url}: the line broke ({why}){kept}: the same command goes on from there") from None
    except OSError as reason:
        raise CorpusError(f"{part}: cannot be written ({reason.strerror or reason})") from None
    return target


def unpack(archive: Path, folder: Path) -> int:
    """Unpack a `.zip` or a `.tar` of any compression into `folder`; how many files there were.

    Each file is there whole or not at all. `CorpusError` for an archive that is broken, or that names places outside.
    """
    count = 0
    try:
        for name, opened in _members(archive):
            _put(name, opened, folder)
            count += 1
    except (tarfile.TarError, zipfile.BadZipFile, EOFError) as reason:
        raise CorpusError(f"{archive}: a broken archive ({reason or type(reason).__name__})") from None
    except OSError as reason:
        raise CorpusError(f"{folder}: cannot be unpacked into ({reason.strerror or reason})") from None
    return count


def _download(url: str, part: Path, told: Told) -> None:
    have = part.stat().st_size if part.exists() else 0
    with _asked(url, have) as answer:
        length = int(answer.headers.get("Content-Length") or 0)
        if answer.status != 206:  # a server that sends the whole again
            have = 0
        total = have + length if length else 0
        free = shutil.disk_usage(part.parent).free
        if length > free:
            raise CorpusError(f"{part.parent}: {length >> 20:,} MiB are to come, and {free >> 20:,} MiB are free")
        with part.open("ab" if have else "wb") as out:
            while block := answer.read(_BLOCK):
                out.write(block)
                have += len(block)
                told(have, total)
    if have < total:
        raise HTTPException(f"{have:,} of {total:,} bytes came")


@contextmanager
def _asked(url: str, start: int) -> Iterator[HTTPResponse]:
    """The answer for what comes from the byte `start` on, or for all of it."""
    request = urllib.request.Request(url, headers={"User-Agent": f"voxproof/{voxproof.__version__}"})
    if start:
        request.add_header("Range", f"bytes={start}-")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            yield answer
    except urllib.error.HTTPError as reason:
        if reason.code != 416 or not start:  # 416: what is there is all there is, or too much
            raise
        with _asked(url, 0) as answer:
            yield answer


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Files of an archive, in its order, which is the only one that is quick for a compressed `.tar`."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as found:
            for one in found.infolist():
                if not one.is_dir():
                    with found.open(one) as opened:
                        yield one.filename, opened
        return
    with tarfile.open(archive, "r|*") as stream:
        for member in stream:
            if member.isfile():  # links and devices are nothing that a corpus needs
                content = stream.extractfile(member)
                assert content is not None
                yield member.name, content


def _put(name: str, opened: IO[bytes], folder: Path) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise CorpusError(f"the archive has a file {name!r}, which would lie outside of {folder}")
    target = folder.joinpath(*path.parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name[:100]}.part")
    with aside.open("wb") as out:
        shutil.copyfileobj(opened, out, _BLOCK)
    aside.replace(target)
