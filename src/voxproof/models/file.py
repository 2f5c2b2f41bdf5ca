"""One file of a model: its name, size and SHA-256, and the check that a file on disk is that file.

Hashing 40 MB at every start would cost a tenth of a second, so a file that was hashed once leaves a marker in the
cache: path, size, times of change. While those stay, the file counts as checked; `voxproof models verify` always
hashes.
"""

import contextlib
import hashlib
import json
import time
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, field_validator

from voxproof import paths
from voxproof.errors import VoxproofError
from voxproof.files import write_aside

_BLOCK = 1 << 20
# A file that changed this recently could change again within one tick of the clock of its file system, unseen.
SETTLED_SECONDS = 2.0


class CardFile(BaseModel):
    """What a card says of one file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size: int = Field(gt=0, description="bytes")

    @field_validator("name")
    @classmethod
    def _is_plain(cls, name: str) -> str:
        parts = PurePosixPath(name).parts
        if not parts or any(mark in name for mark in "\\:") or name.startswith("/") or {"..", "."} & set(parts):
            raise ValueError(f"{name!r} is not a plain file name")
        return name


def describe_file(path: Path, name: str | None = None) -> CardFile:
    """The entry of a card for the file at `path`."""
    return CardFile(name=name or path.name, sha256=sha256_of(path), size=path.stat().st_size)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def is_intact(path: Path, expected: CardFile, *, hash_again: bool = False) -> bool:
    """Whether the file at `path` has the size and the SHA-256 that its card names.

    A marker of an earlier check is believed while the file has not changed, unless `hash_again` is given. OSError of
    reading is passed on.
    """
    state = path.stat()
    if state.st_size != expected.size:
        return False
    marker = _marker(path)
    fingerprint = {
        "path": str(path.resolve()),
        "size": state.st_size,
        "mtime_ns": state.st_mtime_ns,
        "ctime_ns": state.st_ctime_ns,
        "sha256": expected.sha256,
    }
    if not hash_again and _read(marker) == fingerprint:
        return True
    if sha256_of(path) != expected.sha256:
        with contextlib.suppress(OSError):
            marker.unlink(missing_ok=True)
        return False
    if time.time() - max(state.st_mtime, state.st_ctime) >= SETTLED_SECONDS:
        _write(marker, fingerprint)
    return True


def _marker(path: Path) -> Path:
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:32]
    return paths.cache() / "checked" / f"{place}.json"


def _read(marker: Path) -> object:
    try:
        return json.loads(marker.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _write(marker: Path, fingerprint: dict[str, object]) -> None:
    """Leave the marker; a cache that cannot be written costs a hash at the next start and nothing else."""
    with contextlib.suppress(OSError, VoxproofError):
        marker.parent.mkdir(parents=True, exist_ok=True)
        with write_aside(marker) as aside:
            aside.write_text(json.dumps(fingerprint), encoding="utf-8")
