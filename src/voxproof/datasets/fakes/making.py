"""Carries out a plan: both classes in one folder, in one coding, with one manifest; goes on where it stopped."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from voxproof.audio import Audio, read_audio, write_audio
from voxproof.corpora.tables import manifest_cells
from voxproof.datasets.fakes import matching
from voxproof.datasets.fakes.clips import LONGEST, RealClip
from voxproof.datasets.fakes.maker import RATE, Maker, Source, load_maker
from voxproof.datasets.fakes.plan import Job, Task
from voxproof.errors import CorpusError, VoxproofError
from voxproof.evaluation.tasks import Advance, run_tasks, silent
from voxproof.features.mel import Floats
from voxproof.files import write_aside

COLUMNS = tuple(
    "path label page generator family year corpus speaker gender language text duration_s original_sample_rate matched "
    "licence repo commit source_path pair".split()
)
SKIPPED = ("name", "maker", "reason")
_AT_ONCE = 12  # clips between two writings of the manifest
_AT_ONCE_EACH = 60  # and of every process, since new ones have to load their models

_MIRRORED = 800  # samples

Row = dict[str, str]


@dataclass(frozen=True)
class Made:
    """What a run left behind: rows of the manifest, and which fakes could not be made for which reason."""

    rows: list[Row]
    skipped: list[Row]

    def counts(self) -> dict[str, int]:
        """Fakes by generator."""
        return dict(sorted(Counter(row["generator"] for row in self.rows if row["label"] == "fake").items()))


@dataclass(frozen=True)
class _Order:
    """A job, the makers of it that have not been tried, and where its files go."""

    job: Job
    tasks: tuple[Task, ...]
    folder: str


def make_fakes(jobs: Sequence[Job], out: str | Path, *, workers: int = 1, advance: Advance = silent) -> Made:
    """Make what is not there yet into `out`: FLAC at 16 kHz, `manifest.tsv`, and `skipped.tsv`.

    The manifest is written again and again, so that what is done can be used. What a maker refuses for one clip (too
    little speech for a voice, a text that it cannot say) is skipped; what is not installed is a `ModelError` at once.
    """
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise CorpusError(f"cannot make the folder {folder}: {reason.strerror or reason}") from None
    for name in sorted({task.maker for job in jobs for task in job.tasks}):
        lacking = load_maker(name).missing()
        if lacking:
            raise CorpusError(f"the maker {name} cannot run: {lacking}; or leave it out with --makers")
    made = _so_far(folder)
    orders = _missing(jobs, made, folder)
    at_once = _AT_ONCE if workers <= 1 else _AT_ONCE_EACH * workers
    for start in range(0, len(orders), at_once):
        part = orders[start : start + at_once]
        for rows, skipped in run_tasks(_carry_out, part, what="", jobs=workers):
            made.rows.extend(row for row in rows if row["path"] not in {one["path"] for one in made.rows})
            made.skipped.extend(skipped)
        _write(folder / "manifest.tsv", COLUMNS, made.rows)
        _write(folder / "skipped.tsv", SKIPPED, made.skipped)
        advance("clips", min(start + at_once, len(orders)), len(orders))
    return made


def _so_far(folder: Path) -> Made:
    rows = manifest_cells(folder / "manifest.tsv", COLUMNS) if (folder / "manifest.tsv").is_file() else []
    skipped = manifest_cells(folder / "skipped.tsv", SKIPPED) if (folder / "skipped.tsv").is_file() else []
    return Made([row for row in rows if (folder / row["path"]).is_file()], skipped)


def _missing(jobs: Sequence[Job], made: Made, folder: Path) -> list[_Order]:
    done = {row["path"] for row in made.rows}
    tried = {(row["name"], row["maker"]) for row in made.skipped}
    orders = []
    for job in jobs:
        left = [
            task for task in job.tasks if _path(job, task.maker) not in done and (job.name, task.maker) not in tried
        ]
        if left:
            orders.append(_Order(job, tuple(left), str(folder)))
    return orders


def _path(job: Job, maker: str) -> str:
    return f"{maker}/{job.name}.flac"


def _carry_out(order: _Order) -> tuple[list[Row], list[Row]]:
    """The rows of one clip and its fakes, which are on disk then, and what was skipped."""
    job, folder = order.job, Path(order.folder)
    rows: list[Row] = []
    skipped: list[Row] = []
    try:
        number = int(job.name, 16) % 2**31
        original = matching.prepared(_read(job.clip.path)[: int(LONGEST * RATE)], number)
        real = f"real/{job.name}.flac"
        _save(folder / real, matching.finished(original, number))
    except VoxproofError as reason:
        return [], [{"name": job.name, "maker": task.maker, "reason": str(reason)} for task in order.tasks]
    rows.append(_row(job.clip, real, len(original), real))
    for task in order.tasks:
        maker = _maker(task.maker)
        try:
            fake = _fake(maker, task, job.clip, original)
            _save(folder / _path(job, task.maker), fake)
        except VoxproofError as reason:
            skipped.append({"name": job.name, "maker": task.maker, "reason": str(reason)})
            continue
        rows.append(_row(job.clip, _path(job, task.maker), len(fake), real, maker, task))
    return rows, skipped


def _fake(maker: Maker, task: Task, clip: RealClip, original: Floats) -> Floats:
    target = tuple(_read(path) for path in task.target)
    # Frames of a copy end before the clip does: a mirrored end is copied with it, and cut off again.
    heard = np.pad(original, (0, _MIRRORED), mode="reflect") if maker.aligned else original
    made = maker(Source(heard, task.text, clip.language, target), task.seed)
    fit = (matching.copied if maker.aligned else matching.spoken)(original, made, task.seed)
    return matching.finished(fit, task.seed)


@lru_cache(maxsize=64)
def _maker(name: str) -> Maker:
    return load_maker(name)


def _read(path: str) -> Floats:
    samples: Floats = read_audio(path, rate=RATE).samples
    if float(np.abs(samples).max(initial=0.0)) < 1e-3:
        raise CorpusError(f"{path} is silent")
    return samples


def _save(path: Path, samples: Floats) -> None:
    path.parent.mkdir(exist_ok=True)
    write_audio(path, Audio(samples, RATE))


def _row(
    clip: RealClip, path: str, samples: int, real: str, maker: Maker | None = None, task: Task | None = None
) -> Row:
    told = {"corpus": clip.corpus, "gender": clip.gender, "language": clip.language, "licence": clip.licence}
    told |= {"repo": clip.repo, "commit": clip.commit, "source_path": clip.source_path, "pair": real, "path": path}
    told |= {"page": f"own-{clip.corpus}", "matched": "1", "original_sample_rate": str(RATE)}
    told |= {"duration_s": f"{samples / RATE:.3f}", "label": "real" if maker is None else "fake"}
    told |= {"speaker": clip.speaker, "text": clip.text}
    if maker is not None and task is not None:
        told |= {"generator": maker.name, "family": maker.family, "year": str(maker.year), "speaker": task.speaker}
        told["text"] = task.text if maker.speaks else clip.text
        told["gender"] = clip.gender if task.speaker == clip.speaker else ""
    return {column: " ".join(told.get(column, "").split()) for column in COLUMNS}


def _write(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    with write_aside(path, CorpusError) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
