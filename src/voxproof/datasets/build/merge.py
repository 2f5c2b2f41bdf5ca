"""Journals to a manifest, and the shards of several folders to one set."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from voxproof.corpora import write_manifest
from voxproof.datasets.build.done import FAILED, MADE, NONE, Done
from voxproof.datasets.build.folder import BEGUN, PLAN, Begun, begun
from voxproof.datasets.build.journal import ROWS, Entry, Journal, only_run
from voxproof.errors import CorpusError
from voxproof.places import Place, copy_whole, is_address, place, write_whole

MANIFEST, FAILURES = "manifest.tsv", "failed.tsv"
_SHOWN = 6  # stretches of missing numbers
_AT_ONCE = 32  # sounds that are brought from or to an address at the same time


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


def write_merged(folder: Place, done: Done) -> Merged:
    """`manifest.tsv` and `failed.tsv` of what the journals hold, in the order of the plan."""
    rows = write_manifest(folder / MANIFEST, (entry.row for entry in done.entries(MADE)))
    failed = done.count(FAILED)
    if failed:
        write_manifest(folder / FAILURES, (entry.row for entry in done.entries(FAILED)))
    else:
        (folder / FAILURES).unlink(missing_ok=True)
    return counted(folder, done, rows)


def counted(folder: Place, done: Done, rows: int | None = None) -> Merged:
    """What is there and what is missing, without writing anything."""
    made = done.count(MADE) if rows is None else rows
    return Merged(str(folder), made, done.count(FAILED), done.count(NONE), _stretches(done))


def merge_folders(folders: Sequence[str | Place], out: str | Place | None = None) -> Merged:
    """The shards in several folders as one set in `out`, or in the first folder.

    All must have been begun with the same plan, manifests and models (`CorpusError` else). Sounds are linked where the
    file system can, or copied; a unit that several folders have is taken once. It may be stopped and called again.
    """
    places = [place(one) for one in folders]
    target = place(out) if out is not None else places[0]
    if out is not None:
        _begin_like(places[0], target)
    same = [_begun(one) for one in (target, *places)]
    for folder, other in zip(places, same[1:], strict=True):
        if why := same[0].differs(other):
            raise CorpusError(f"{folder}: it is no part of the set in {target}: {why}")
    with only_run(target, "merge"):
        for folder in places:
            if folder.resolve() != target.resolve():
                _take(folder, target, same[0].units)
        return write_merged(target, Done(target, same[0].units))


def _take(folder: Place, target: Place, units: int) -> None:
    """Bring what another folder has, and the target lacks, into the target: sounds first, then their rows."""
    here, there = Done(target, units), Done(folder, units)
    at_once = 1 if isinstance(folder, Path) and isinstance(target, Path) else _AT_ONCE
    book = Journal(target / ROWS / "merge-0.jsonl")
    try:
        wanted = (entry for entry in there.entries(MADE) if here.state[entry.number] != MADE)
        with ThreadPoolExecutor(at_once) as bringing:
            while several := list(islice(wanted, at_once)):
                list(bringing.map(lambda entry: _bring(folder, target, entry), several))
                for entry in several:
                    book.add(entry)
        for entry in there.entries(FAILED):
            if here.state[entry.number] == NONE:
                book.add(entry)
    finally:
        book.close()


def _bring(folder: Place, target: Place, entry: Entry) -> None:
    if is_address(entry.row.path) or Path(entry.row.path).is_absolute():  # null rows have no sound of the folder's own
        return
    for name in (entry.row.path + ".json", entry.row.path):
        source, to = folder / name, target / name
        if not to.exists() and source.is_file():  # copies carry no manifest
            copy_whole(source, to, CorpusError)


def _begun(folder: Place) -> Begun:
    found = begun(folder) if folder.is_dir() else None
    if found is None:
        raise CorpusError(f"{folder}: there is no set of voxproof dataset build in it")
    return found


def _begin_like(folder: Place, target: Place) -> None:
    """A new folder, begun as another one was."""
    _begun(folder)
    if target.exists() and begun(target) is not None:
        return
    (target / ROWS).mkdir(parents=True, exist_ok=True)
    for name in (PLAN, BEGUN):
        with write_whole(target / name, CorpusError) as aside:
            aside.write_bytes((folder / name).read_bytes())


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
