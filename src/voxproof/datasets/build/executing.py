"""Who makes the units of a run: this process, several of this computer, or the nodes of a Ray cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from voxproof.datasets.build.cluster import spread
from voxproof.datasets.build.crew import Crew
from voxproof.datasets.build.job import Execute, Job
from voxproof.datasets.build.journal import ROWS
from voxproof.datasets.build.local import Told, run_here
from voxproof.datasets.executors import connection


@contextmanager
def executing(executor: str, address: str | None, workers: int | None) -> Iterator[Execute]:
    """The executor of that name; for `ray`, the cluster is connected until the end.

    `workers` are processes or actors: by default one here, and one a core of a cluster.
    """
    with connection(executor, address, workers) as cluster:
        yield partial(_here, workers or 1) if cluster is None else partial(spread, cluster.actors(workers))


def _here(workers: int, job: Job, told: Told) -> None:
    count, units = len(job.numbers), map(job.units.__getitem__, job.numbers)
    if workers <= 1 or count <= 1:
        run_here(units, job.workshop, job.folder / ROWS / f"{job.shard}-1.jsonl", told)
    else:
        crew = Crew(job.plan, job.folder, job.shard, min(workers, count), job.workshop.failed)
        crew.run(units, count // (4 * workers), told)
