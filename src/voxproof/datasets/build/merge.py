"""Journals to a manifest, and the shards of several folders to one set."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from voxproof.corpora import write_manifest
from voxproof.datasets.build.done import FAILED, MADE, NONE, Done
from voxproof.datasets.build.folder import BEGUN, Begun, begun
from voxproof.datasets.build.journal import ROWS, Entry, Journal, only_run
from voxproof.errors import CorpusError
from voxproof.files import write_aside

MANIFEST, FAILURES = "manifest.tsv", "failed.tsv"
_SHOWN = 6  # stretches of missing numbers


@dataclass(frozen=True)
class Merged:
    """A set's manifest: how many rows it has, how many failed (`failed.tsv`) and how many nobody has made."""

    folder: str
    rows: int
    failed: int
    missing: int
    missing_numbers: str = ""

    def facts(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    def __str__(self) -> str:
        told = f"{self.folder}: {self.rows:,} rows"
        if self.failed:
            told += f", {self.failed:,} failed ({FAILURES} says why; --retry-failed tries them again)"
        if self.missing:
            told += f", {self.missing:,} missing (units {self.missing_numbers})"
        return told


def write_merged(folder: Path, done: Done) -> Merged:
    """`manifest.tsv` and `failed.tsv` of what the journals hold, in the order of the plan."""
    rows = write_manifest(folder / MANIFEST, (entry.row for entry in done.entries(MADE)))
    failed = done.count(FAILED)
    if failed:
        write_manifest(folder / FAILURES, (entry.row for entry in done.entries(FAILED)))
    else:
        (folder / FAILURES).unlink(missing_ok=True)
    return counted(folder, done, rows)


def counted(folder: Path, done: Done, rows: int | None = None) -> Merged:
    """What is there and what is missing, without writing anything."""
    made = done.count(MADE) if rows is None else rows
    return Merged(str(folder), made, done.count(FAILED), done.count(NONE), _stretches(done))


def merge_folders(folders: Sequence[str | Path], out: str | Path | None = None) -> Merged:
    """The shards in several folders as one set in `out`, or in the first folder.

    All must have been begun with the same plan, manifests and models (`CorpusError` else). Sounds are linked where the
    file system can, or copied; a unit that several folders have is taken once. It may be stopped and called again.
    """
    places = [Path(one) for one in folders]
    target = Path(out) if out is not None else places[0]
    if out is not None:
        _begin_like(places[0], target)
    same = [_begun(one) for one in (target, *places)]
    for place, other in zip(places, same[1:], strict=True):
        if why := same[0].differs(other):
            raise CorpusError(f"{place}: it is no part of the set in {target}: {why}")
    with only_run(target, "merge"):
        for place in places:
            if place.resolve() != target.resolve():
                _take(place, target, same[0].units)
        return write_merged(target, Done(target, same[0].units))


def _take(place: Path, target: Path, units: int) -> None:
    """Bring what another folder has, and the target lacks, into the target: sounds first, then their rows."""
    here, there = Done(target, units), Done(place, units)
    book = Journal(target / ROWS / "merge-0.jsonl")
    try:
        for entry in there.entries(MADE):
            if here.state[entry.number] != MADE:
                _bring(place, target, entry)
                book.add(entry)
        for entry in there.entries(FAILED):
            if here.state[entry.number] == NONE:
                book.add(entry)
    finally:
        book.close()


def _bring(place: Path, target: Path, entry: Entry) -> None:
    for name in (entry.row.path + ".json", entry.row.path):
        source, to = place / name, target / name
        if to.exists() or not source.is_file():  # copies carry no manifest, and null rows no sound of the folder's own
            continue
        to.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, to)
        except OSError:  # another file system
            with write_aside(to, CorpusError) as aside:
                shutil.copyfile(source, aside)


def _begun(folder: Path) -> Begun:
    found = begun(folder) if folder.is_dir() else None
    if found is None:
        raise CorpusError(f"{folder}: there is no set of voxproof dataset build in it")
    return found


def _begin_like(folder: Path, target: Path) -> None:
    """A new folder, begun as another one was."""
    _begun(folder)
    if target.exists() and begun(target) is not None:
        return
    (target / ROWS).mkdir(parents=True, exist_ok=True)
    for name in ("plan.yaml", BEGUN):
        with write_aside(target / name, CorpusError) as aside:
            shutil.copyfile(folder / name, aside)


def _stretches(done: Done) -> str:
    """Numbers as `3-7, 12`, the first few of them."""
    found: list[str] = []
    for _, pairs in groupby(enumerate(done.missing()), key=lambda pair: pair[1] - pair[0]):
        if len(found) == _SHOWN:
            found.append("...")
            break
        numbers = [number for _, number in pairs]
        found.append(str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}")
    return ", ".join(found)
