"""Enrolled voices by name: one `.voice` file each in the user's folder."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from voxproof import paths
from voxproof.errors import VoxproofError
from voxproof.speakers.voice import SUFFIX, Voice, check_name


@dataclass(frozen=True)
class StoredVoice:
    """An entry of the store: the voice, or the reason why its file cannot be read."""

    name: str
    path: Path
    voice: Voice | None
    problem: str = ""


def voice_path(name: str) -> Path:
    """Where the voice called `name` lies or would lie."""
    check_name(name)
    return paths.voices() / f"{name}{SUFFIX}"


def save_voice(voice: Voice, *, replace_old: bool = False) -> Path:
    """Put a voice into the store; without `replace_old`, `VoxproofError` if there is one of that name."""
    path = voice_path(voice.name)
    with _locked():
        if path.exists() and not replace_old:
            raise VoxproofError(
                f"there is a voice called {voice.name!r} already: choose another name, or delete it first"
            )
        voice.save(path)
    return path


def load_voice(name: str | os.PathLike[str]) -> Voice:
    """The enrolled voice of that name, or the `.voice` file at that path."""
    text = os.fspath(name)
    if text.endswith(SUFFIX) or os.sep in text or "/" in text:
        return Voice.load(text)
    path = voice_path(text)
    if not path.is_file():
        there = ", ".join(stored.name for stored in list_voices())
        raise VoxproofError(f"no voice is called {text!r}; enrolled are: {there or 'none (see voxproof enroll)'}")
    return Voice.load(path)


def list_voices() -> list[StoredVoice]:
    """All enrolled voices by name; a broken file is listed with its problem."""
    found = []
    for path in sorted(paths.voices().glob(f"*{SUFFIX}"), key=lambda path: path.stem.casefold()):
        if path.name.startswith("."):
            continue
        try:
            found.append(StoredVoice(path.stem, path, Voice.load(path)))
        except VoxproofError as problem:
            found.append(StoredVoice(path.stem, path, None, str(problem)))
    return found


def rename_voice(old: str, new: str) -> Path:
    """Give an enrolled voice another name; `VoxproofError` if there is no such voice, or one called `new`."""
    target = voice_path(new)
    with _locked():
        voice = load_voice(old)
        if target.exists():
            raise VoxproofError(f"there is a voice called {new!r} already")
        replace(voice, name=new).save(target)
        voice_path(old).unlink()
    return target


def delete_voice(name: str) -> None:
    """Take a voice, broken or not, out of the store; `VoxproofError` if there is none of that name."""
    path = voice_path(name)
    with _locked():
        try:
            path.unlink()
        except FileNotFoundError:
            raise VoxproofError(f"no voice is called {name!r}") from None
        except OSError as problem:
            raise VoxproofError(f"voice {name!r} cannot be deleted ({problem.strerror or problem})") from None


def _locked() -> FileLock:
    """One process at a time looks for a name and takes it."""
    folder = paths.voices()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise VoxproofError(f"the folder of voices {folder} cannot be made ({problem.strerror or problem})") from None
    if not os.access(folder, os.W_OK):
        raise VoxproofError(f"the folder of voices {folder} is read-only")
    return FileLock(folder / ".lock")
