"""The executor of one computer: units to journals, in this process or in several."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from voxproof.cores import THREADS
from voxproof.corpora import Row
from voxproof.datasets.build.journal import Entry, Journal
from voxproof.datasets.build.units import Unit
from voxproof.datasets.build.workshop import StoppedError
from voxproof.errors import ModelError, VoxproofError
from voxproof.places import Place

_THREADS = (THREADS, "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")

Told = Callable[[float, bool], None]
"""Told of each unit that is done: the seconds of its sound, and whether it failed."""


class Making(Protocol):
    """What an executor needs: a `Workshop`, or whatever else makes rows of units."""

    def make(self, unit: Unit) -> Row:
        """See `Workshop.make`."""

    def failed(self, unit: Unit, error: str) -> Row:
        """See `Workshop.failed`."""


def carry_out(making: Making, unit: Unit) -> Entry:
    """The unit's entry, made or failed. What no unit can help (`StoppedError`, a missing model) is raised."""
    try:
        return Entry(unit.number, unit.id, making.make(unit))
    except (StoppedError, ModelError):
        raise
    except VoxproofError as reason:
        return Entry(unit.number, unit.id, making.failed(unit, str(reason)), failed=True)
    except Exception as mistake:
        # One clip that a library chokes on must not end a run of days.
        return Entry(unit.number, unit.id, making.failed(unit, f"{type(mistake).__name__}: {mistake}"), failed=True)


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Models compute with one thread, here and in processes started from here, unless the user asked for others.

    However many processes there are, each does the same sums in the same order, so the bytes are the same.
    """
    before = {name: os.environ.get(name) for name in _THREADS}
    for name in before:
        os.environ.setdefault(name, "1")
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)


def threads() -> dict[str, str]:
    """The variables that say so, for processes elsewhere; within `one_thread_each`."""
    return {name: os.environ[name] for name in _THREADS if name in os.environ}


def run_here(units: Iterator[Unit], making: Making, journal: Place, told: Told) -> None:
    """Make them one after the other in this process."""
    book = Journal(journal)
    try:
        for unit in units:
            entry = carry_out(making, unit)
            book.add(entry)
            told(entry.row.duration_s, entry.failed)
    finally:
        book.close()
