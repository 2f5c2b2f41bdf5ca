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

KEPT = 3600.0  # seconds that uploads and results can be fetched for
EVERY = 300.0  # seconds between two looks for what is older


@dataclass(frozen=True)
class Desk:
    """`state_of` gives what the server's requests share, once the server runs; `folder` is for uploads and results."""

    settings: Settings
    state_of: Callable[[], State]
    folder: Path
    listening: Listening = field(default_factory=Listening)

    def made(self, name: str) -> Path:
        """Where a result called `name` is to be written: a folder that nobody can guess."""
        place = self.folder / secrets.token_urlsafe(12)
        place.mkdir()
        return place / name

    async def tidy(self) -> None:
        """Take away what is older than `KEPT`, again and again."""
        while True:
            await asyncio.sleep(EVERY)
            await asyncio.to_thread(forget, self.folder, KEPT)


def forget(folder: Path, age: float) -> None:
    """Take away what lies in `folder` and was not changed for `age` seconds."""
    oldest = time.time() - age
    for path in folder.iterdir():
        with suppress(OSError):
            if path.stat().st_mtime >= oldest or path.name.startswith("."):
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
