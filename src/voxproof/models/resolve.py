"""From a card to files on disk that are what the card says, or one line that says which is not and what to do."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from voxproof.errors import ModelError
from voxproof.models.card import Card
from voxproof.models.download import Progress
from voxproof.models.file import CardFile, is_intact

State = Literal["ok", "missing", "wrong"]


@dataclass(frozen=True)
class FileState:
    """What `verify` finds of one file."""

    file: CardFile
    state: State
    path: Path | None
    advice: str


def files(card: Card, *, pull: bool = True, progress: Progress | None = None) -> dict[str, Path]:
    """Paths of all files of a model by their names in the card, each checked by size and SHA-256.

    Sources are tried in the card's order. With `pull` a hub source downloads what is missing. A file of the wrong hash
    is never returned. Raises `ModelError` that names the file and how to get it.
    """
    return {file.name: file_path(card, file.name, pull=pull, progress=progress) for file in card.files}


def file_path(card: Card, name: str, *, pull: bool = True, progress: Progress | None = None) -> Path:
    """The path of one file of a model; otherwise as `files`."""
    file = card.file(name)
    wanted = card.wanted(file)
    refused: list[str] = []
    for source in card.sources:
        try:
            path = source.find(wanted, pull=pull, progress=progress)
        except ModelError as error:
            refused.append(str(error))
            continue
        if path is None:
            continue
        problem = _problem(path, file)
        if problem is None:
            return path
        refused.append(problem)
    reasons = "; ".join(refused) if refused else f"{name} is missing"
    raise ModelError(f"model {card.name}: {reasons}. To get {name}: {advice(card, file)}")


def advice(card: Card, file: CardFile) -> str:
    """What somebody can do to have the file, the easiest way first."""
    ways = [way for source in reversed(card.sources) if (way := source.advice(card.wanted(file)))]
    return ", or ".join(ways) or "its card names no source of it"


def verify(card: Card) -> list[FileState]:
    """Hash every file of a model anew, wherever it is found; nothing is downloaded."""
    found = []
    for file in card.files:
        state: State = "missing"
        place: Path | None = None
        for source in card.sources:
            path = source.find(card.wanted(file), pull=False)
            if path is None:
                continue
            ok = _problem(path, file, hash_again=True) is None
            place, state = path, "ok" if ok else "wrong"
            if ok:
                break
        found.append(FileState(file, state, place, "" if state == "ok" else advice(card, file)))
    return found


def _problem(path: Path, file: CardFile, *, hash_again: bool = False) -> str | None:
    try:
        if is_intact(path, file, hash_again=hash_again):
            return None
    except OSError as error:
        return f"{path} cannot be read ({error.strerror or error})"
    return f"{path} is not the file that the card names (wrong size or SHA-256) and is not used"
