"""Run many independent tasks, in this process or in several, and tell how far it is."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from voxproof.errors import VoxproofError

T = TypeVar("T")
R = TypeVar("R")

Advance = Callable[[str, int, int], None]
"""Told after each task: what is going on, how many are done, how many there are."""


def silent(what: str, done: int, total: int) -> None:
    """An `Advance` that says nothing."""


def run_tasks(
    function: Callable[[T], R], tasks: Sequence[T], *, what: str, jobs: int = 1, advance: Advance = silent
) -> list[R]:
    """The results in the order of the tasks.

    With `jobs` > 1 they run in that many fresh processes (`function` must be a module's own), so results never depend
    on how many there are. The first error ends the run; what finished before stays on disk where the tasks put it.
    """
    results: list[R] = []
    advance(what, 0, len(tasks))
    for result in _results(function, tasks, jobs):
        results.append(result)
        advance(what, len(results), len(tasks))
    return results


def _results(function: Callable[[T], R], tasks: Sequence[T], jobs: int) -> Iterable[R]:
    if jobs <= 1 or len(tasks) <= 1:
        yield from map(function, tasks)
        return
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=multiprocessing.get_context("spawn"))
    try:
        yield from pool.map(function, tasks)
    except BrokenProcessPool:
        raise VoxproofError("a process ended before its task was done (too little memory?); use fewer jobs") from None
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def progress_bar() -> Iterator[Advance]:
    """A bar on stderr for each thing that goes on; nothing at all when stderr is not a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        known = {}

        def advance(what: str, done: int, total: int) -> None:
            if what not in known:
                known[what] = bar.add_task(what, total=total)
            bar.update(known[what], completed=done, total=total)

        yield advance
