"""Units over the nodes of a cluster: each node writes sounds, this process hears of them and writes the journal."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from voxproof.datasets.build.folder import BEGUN, sweep
from voxproof.datasets.build.job import Job
from voxproof.datasets.build.journal import ROWS, Entry, Journal
from voxproof.datasets.build.local import Told, carry_out, threads
from voxproof.datasets.build.plan import Plan
from voxproof.datasets.build.units import Unit
from voxproof.datasets.build.workshop import StoppedError, Workshop
from voxproof.datasets.executors import Actors
from voxproof.errors import ModelError
from voxproof.places import Place


@dataclass(frozen=True)
class Making:
    """Loads what makes units on a node, once it is sure that it is the same folder and the same models there."""

    plan: Plan
    folder: Place
    cards: list[list[str]]

    def __call__(self) -> Callable[[Unit], Entry]:
        """From a unit to its entry; see `carry_out`."""
        if not (self.folder / BEGUN).is_file():
            raise StoppedError(
                f"the node {socket.gethostname()} does not see {self.folder}; build into a folder that all nodes share"
            )
        workshop = Workshop(self.plan, self.folder)
        if workshop.cards != self.cards:
            raise ModelError(f"the models of the node {socket.gethostname()} are others than here; install the same")
        return partial(carry_out, workshop)


def spread(actors: Actors, job: Job, told: Told) -> None:
    """Make the units of a job with these actors of the cluster that is connected.

    The journal is number 0 of the shard. What nodes that died left half-written is gone at the end.
    """
    from voxproof.datasets.executors.ray import answers

    if not job.numbers:
        return
    load = Making(job.plan, job.folder, job.workshop.cards)
    book = Journal(job.folder / ROWS / f"{job.shard}-0.jsonl")
    try:
        for place, answer in answers(map(job.units.__getitem__, job.numbers), load, actors, threads()):
            entry = answer if isinstance(answer, Entry) else _failed(job, job.numbers[place], str(answer))
            book.add(entry)
            told(entry.row.duration_s, entry.failed)
    finally:
        book.close()
        sweep(job.folder, (job.units[number].id for number in job.numbers))


def _failed(job: Job, number: int, why: str) -> Entry:
    unit = job.units[number]
    return Entry(number, unit.id, job.workshop.failed(unit, why), failed=True)
