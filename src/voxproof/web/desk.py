"""What all pages share: the server behind them, a folder for what they make, sound that is sent while it is made."""

import asyncio
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from voxproof.server.settings import Settings
from voxproof.server.state import State
from voxproof.web.listening import Listening
from voxproof.web.sessions import Sessions

KEPT = 3600.0  # seconds that uploads and results can be fetched for
EVERY = 300.0  # seconds between two looks for what is older
FRESH = 120.0  # seconds that nothing is taken away, however full the folder is


@dataclass(frozen=True)
class Desk:
    """`state_of` gives what the server's requests share, once the server runs; `folder` is for uploads and results."""

    settings: Settings
    state_of: Callable[[], State]
    folder: Path
    listening: Listening = field(default_factory=Listening)
    sessions: Sessions = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sessions", Sessions(self.state_of, self.folder))

    def made(self, name: str) -> Path:
        """Where a result called `name` is to be written: a folder that nobody can guess."""
        place = self.folder / secrets.token_urlsafe(12)
        place.mkdir()
        return place / name

    async def room(self) -> bool:
        """Whether there is room for one more upload; the oldest go before it comes to that."""
        most = self.settings.page_bytes - self.settings.upload_bytes
        return await asyncio.to_thread(make_room, self.folder, most)

    async def tidy(self) -> None:
        """Take away what is older than `KEPT`, again and again."""
        while True:
            await asyncio.sleep(EVERY)
            await asyncio.to_thread(forget, self.folder, KEPT)


def forget(folder: Path, age: float) -> None:
    """Take away what lies in `folder` and was not changed for `age` seconds."""
    oldest = time.time() - age
    for changed, path in _by_age(folder):
        if changed < oldest:
            _remove(path)


def make_room(folder: Path, most: int) -> bool:
    """Take away the oldest that is not `FRESH` until no more than `most` bytes are left; whether that was reached."""
    found = [(changed, path, _size(path)) for changed, path in _by_age(folder)]
    held = sum(size for _, _, size in found)
    oldest = time.time() - FRESH
    for changed, path, size in found:
        if held <= most or changed >= oldest:
            break
        _remove(path)
        held -= size
    return held <= most


def _by_age(folder: Path) -> list[tuple[float, Path]]:
    found: list[tuple[float, Path]] = []
    for path in folder.iterdir():
        with suppress(OSError):  # somebody else took it away
            if not path.name.startswith("."):
                found.append((path.stat().st_mtime, path))
    return sorted(found)


def _size(path: Path) -> int:
    size = 0
    for one in (path, *path.rglob("*")) if path.is_dir() else (path,):
        with suppress(OSError):
            size += one.stat().st_size
    return size


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
