"""The steps by name: each makes planned rows of planned rows; only `silence` listens."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voxproof.corpora.problems import Problems
from voxproof.datasets.refine.lengths import concatenated, cut
from voxproof.datasets.refine.pieces import Planned
from voxproof.datasets.refine.plan import (
    Balance,
    Check,
    Concatenate,
    Cut,
    Filter,
    Loudness,
    Pictures,
    Plan,
    Resample,
    Silence,
    Splits,
)
from voxproof.datasets.refine.rows import balanced, filtered
from voxproof.datasets.refine.silence import silenced
from voxproof.datasets.refine.splits import check_disjoint, deal
from voxproof.errors import CorpusError
from voxproof.evaluation.tasks import Advance

Rows = Sequence[Planned]
Outcome = tuple[list[Planned], int]  # rows, and how many were dropped


@dataclass(frozen=True)
class Setting:
    """Where a step works: the set's folder, processes, whom to tell; `seed` is the plan's."""

    seed: int
    folder: Path
    workers: int
    advance: Advance
    problems: Problems


def _filter(rows: Rows, step: Filter, setting: Setting) -> Outcome:
    kept = filtered(rows, step)
    return kept, len(rows) - len(kept)


def _silence(rows: Rows, step: Silence, setting: Setting) -> Outcome:
    made = silenced(
        rows, step, setting.seed, folder=setting.folder, workers=setting.workers, advance=setting.advance,
        problems=setting.problems,
    )  # fmt: skip
    return made, len(rows) - len(made)


def _resample(rows: Rows, step: Resample, setting: Setting) -> Outcome:
    return [one._replace(piece=one.piece.then("resample", step.rate)) for one in rows], 0


def _loudness(rows: Rows, step: Loudness, setting: Setting) -> Outcome:
    return [one._replace(piece=one.piece.then("loudness", step.lufs)) for one in rows], 0


def _cut(rows: Rows, step: Cut, setting: Setting) -> Outcome:
    return cut(rows, step, setting.seed)


def _concatenate(rows: Rows, step: Concatenate, setting: Setting) -> Outcome:
    return concatenated(rows, step, setting.seed), 0


def _balance(rows: Rows, step: Balance, setting: Setting) -> Outcome:
    kept = balanced(rows, step, setting.seed)
    return kept, len(rows) - len(kept)


def _splits(rows: Rows, step: Splits, setting: Setting) -> Outcome:
    dealt = deal([row for row, _ in rows], step.shares, step.disjoint, setting.seed, keep=step.keep)
    made = [one._replace(row=one.row._replace(split=split)) for one, split in zip(rows, dealt, strict=True)]
    check_disjoint((row for row, _ in made), step.disjoint)
    return made, 0


def _check(rows: Rows, step: Check, setting: Setting) -> Outcome:
    check_disjoint((row for row, _ in rows), step.disjoint)
    return list(rows), 0


def _pictures(rows: Rows, step: Pictures, setting: Setting) -> Outcome:
    return list(rows), 0  # drawn when the sound is made


STEPS: Mapping[str, Callable[[Rows, Any, Setting], Outcome]] = {
    Filter.name: _filter,
    Silence.name: _silence,
    Resample.name: _resample,
    Loudness.name: _loudness,
    Cut.name: _cut,
    Concatenate.name: _concatenate,
    Balance.name: _balance,
    Splits.name: _splits,
    Check.name: _check,
    Pictures.name: _pictures,
}


def walk(rows: Rows, plan: Plan, setting: Setting) -> tuple[list[Planned], dict[str, int]]:
    """All steps in order: the rows of the result, and what each step dropped (`"2 silence": 3`)."""
    now = list(rows)
    dropped: dict[str, int] = {}
    for number, step in enumerate(plan.steps, start=1):
        before = len(now)
        now, dropped[f"{number} {step.name}"] = STEPS[step.name](now, step, setting)
        if not now:
            why = f"; the first problem: {next(iter(setting.problems))}" if setting.problems else ""
            raise CorpusError(f"{plan.file}: step {number} ({step.name}) left none of {before:,} rows{why}")
    return now, dropped
