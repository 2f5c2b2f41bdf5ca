"""Which executor a command is given, and the cluster that it needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from voxproof.errors import VoxproofError

EXECUTORS = ("local", "ray")
LOCAL = "local"  # the address of a cluster of this computer alone, which is started and ended with the run


class Actors(NamedTuple):
    """How many work at once, each with a core and this part of a graphics card."""

    workers: int
    gpu: float = 0.0


class Cluster(NamedTuple):
    """What a cluster has: cores (of the nodes with graphics cards, if there are any) and graphics cards."""

    cores: int
    gpus: float

    def actors(self, workers: int | None = None) -> Actors:
        """So many, or one a core; they share the graphics cards evenly."""
        many = workers or self.cores
        return Actors(many, min(1.0, int(self.gpus / many * 1000) / 1000))


@contextmanager
def connection(executor: str, address: str | None, workers: int | None = None) -> Iterator[Cluster | None]:
    """The cluster of the executor `ray`, connected until the end; None of `local`, which needs none.

    `VoxproofError` if there is no such executor, or no cluster at the address.
    """
    if executor not in EXECUTORS:
        raise VoxproofError(f"there is no executor {executor!r}; there are {' and '.join(EXECUTORS)}")
    if executor == "local":
        if address is not None:
            raise VoxproofError("--address is for clusters: add --executor ray, or leave it out")
        yield None
        return
    from voxproof.datasets.executors.ray import connected

    with connected(address or LOCAL, workers) as cluster:
        yield cluster
