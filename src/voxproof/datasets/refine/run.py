"""Carries out a plan: the rows are planned first, then every file is read once and what is made of it written once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from voxproof.corpora.manifest import write_manifest
from voxproof.corpora.problems import Problems
from voxproof.datasets.plan_file import plan_tree, read_text
from voxproof.datasets.refine import making, pictures, silence
from voxproof.datasets.refine.making import files_of, make
from voxproof.datasets.refine.plan import KEYS, Plan, load_plan
from voxproof.datasets.refine.rows import counted
from voxproof.datasets.refine.sources import inputs, planned
from voxproof.datasets.refine.steps import Setting, walk
from voxproof.errors import CorpusError
from voxproof.evaluation.tasks import Advance, silent
from voxproof.files import write_aside

MANIFEST, PLAN, PROBLEMS, LOCK = "manifest.tsv", "plan.yaml", "problems.tsv", ".lock"
_ASIDE = r"-[0-9a-f]{8}"  # what write_aside puts behind a name, which a killed run leaves
_OURS = re.compile(rf"[0-9a-f]{{24}}\.(flac|png)|\.[0-9a-f]{{24}}{_ASIDE}\.(flac|png|json)")
_LEFT = re.compile(rf"\.(manifest|plan|problems){_ASIDE}\.(tsv|yaml)")


@dataclass(frozen=True)
class Refined:
    """What a run made: rows, hours, rows by label and by split, what each step dropped, and how many problems."""

    folder: str
    rows: int
    hours: float
    labels: dict[str, int]
    splits: dict[str, int]
    dropped: dict[str, int]
    problems: int

    def facts(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    def __str__(self) -> str:
        labels = ", ".join(f"{count:,} {name or 'without a label'}" for name, count in self.labels.items())
        lines = [f"{self.folder}: {self.rows:,} rows, {self.hours:.2f} h ({labels})"]
        if set(self.splits) != {""}:
            lines.append("splits: " + ", ".join(f"{name or 'none'} {count:,}" for name, count in self.splits.items()))
        if any(self.dropped.values()):
            lines.append("dropped: " + ", ".join(f"{name} {count:,}" for name, count in self.dropped.items() if count))
        if self.problems:
            lines.append(f"problems: {self.problems:,}, in {PROBLEMS}")
        return "\n".join(lines)


def refine(plan: str | Path, out: str | Path, *, workers: int = 1, advance: Advance = silent) -> Refined:
    """Carry out the plan of a YAML file into the folder `out`, with so many processes.

    What is there already from a run that was stopped is kept; what such a run left half done, or does not belong to
    the result, is removed. `CorpusError` if the plan or a manifest is wrong, if the folder holds something else, or
    if no row is left; a row that fails is told in `problems.tsv`.
    """
    asked, folder = load_plan(plan), Path(out)
    with _working_in(folder, asked):
        problems = Problems()
        setting = Setting(asked.seed, folder, workers, advance, problems)
        begun = planned(asked, problems)
        if not begun:
            why = f"; the first problem: {next(iter(problems))}" if problems else ""
            raise CorpusError(f"{asked.file}: there is no row to begin with{why}")
        rows, dropped = walk(begun, asked, setting)
        made = make(rows, asked, setting)
        if not made:
            raise CorpusError(f"{asked.file}: no row is left; the first problem: {next(iter(problems))}")
        problems.write(folder / PROBLEMS)
        write_manifest(folder / MANIFEST, made)
        _sweep(folder, files_of(made, asked))
    hours = round(sum(row.duration_s for row in made) / 3600, 4)
    labels, splits = counted(made, "label"), counted(made, "split")
    return Refined(str(out), len(made), hours, labels, splits, dropped, len(problems))


@contextmanager
def _working_in(folder: Path, plan: Plan) -> Iterator[None]:
    """The folder is there, is this plan's, and nobody else works in it."""
    there = folder / PLAN
    if (folder / MANIFEST).resolve() in {file.resolve() for file in inputs(plan)}:
        raise CorpusError(f"{folder}: its {MANIFEST} is what the plan begins with; give another folder")
    if there.is_file() and plan_tree(read_text(there, "plan"), there, KEYS) != plan.tree:
        raise CorpusError(f"{folder}: it holds what another plan made ({there}); give another folder, or remove it")
    if not there.is_file() and (folder / MANIFEST).exists():
        raise CorpusError(f"{folder}: it holds a {MANIFEST} of something else; give another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK, timeout=0):
            with write_aside(there, CorpusError) as aside:
                aside.write_text(plan.text, encoding="utf-8")
            yield
    except Timeout:
        raise CorpusError(f"{folder}: another run works in this folder") from None
    except OSError as reason:
        raise CorpusError(f"{folder}: cannot be written ({reason.strerror or reason})") from None


def _sweep(folder: Path, belongs: set[str]) -> None:
    """Remove files of ours that are no part of the result; a picture in the wrong split would be learned from."""
    for top in (making.FOLDER, pictures.FOLDER, silence.FOLDER):
        for file in sorted((folder / top).rglob("*")):
            name = file.relative_to(folder).as_posix()
            if _OURS.fullmatch(file.name) and name not in belongs and file.is_file():
                file.unlink()
    for file in folder.iterdir():
        if _LEFT.fullmatch(file.name):
            file.unlink()
