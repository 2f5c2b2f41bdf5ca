"""Files of a corpus's tree, whatever the case of their names and endings."""

import os
from collections.abc import Iterator
from pathlib import Path

from voxproof.errors import CorpusError

SOUND = frozenset({".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a", ".mp4", ".webm", ".sph"})


def sounds(folder: Path, suffixes: frozenset[str] = SOUND) -> Iterator[Path]:
    """Sound files below a folder, in the order of their names; hidden ones and what a Mac leaves behind are not."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__MACOSX")
        for name in sorted(names):
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in suffixes:  # noqa: PTH122 (a million)
                yield Path(place, name)


def found(folder: Path, *names: str) -> Path | None:
    """The entry of a folder called like one of `names` in any case, the first that there is. It lists the folder."""
    try:
        there = {entry.name.lower(): entry for entry in sorted(folder.iterdir(), reverse=True)}
    except OSError:
        return None
    return next((there[name.lower()] for name in names if name.lower() in there), None)


def needed(folder: Path, *names: str) -> Path:
    """`found`; `CorpusError` if there is none."""
    entry = found(folder, *names)
    if entry is None:
        raise CorpusError(f"{folder}: there is no {' or '.join(names)} in it; is this the folder of the corpus?")
    return entry


def below(folder: Path, depth: int = 2, but: str = "") -> Iterator[Path]:
    """`folder` and the folders up to `depth` levels below it, in the order of their names, hidden ones left out.

    Those whose names begin like `but`, in any case, are not looked into: they have hundreds of thousands of files.
    """
    yield folder
    if depth:
        for place in sorted(place for place in folder.iterdir() if place.is_dir() and not place.name.startswith(".")):
            if not but or not place.name.lower().startswith(but):
                yield from below(place, depth - 1, but)


class Sounds:
    """Sound files by name without ending, in any case: for lists that name clips but not their folders."""

    def __init__(self, folder: Path, suffixes: frozenset[str] = SOUND) -> None:
        self._by_name: dict[str, Path] = {}
        self.doubled: list[Path] = []
        for path in sounds(folder, suffixes):
            known = self._by_name.setdefault(path.stem.lower(), path)
            if known != path:
                self.doubled.append(path)

    def get(self, name: str) -> Path | None:
        """The file of a clip; `name` may have the ending of a sound file."""
        stem, suffix = os.path.splitext(name)  # noqa: PTH122 (a million)
        return self._by_name.get(name.lower()) or (self._by_name.get(stem.lower()) if suffix.lower() in SOUND else None)

    def __len__(self) -> int:
        return len(self._by_name)
