"""Verdicts on many recordings by the nodes of a Ray cluster: the same ones, in the order in which they were named."""

import os
import socket
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from voxproof.cli.judging import Asked, judged
from voxproof.cores import THREADS
from voxproof.datasets.executors import connection
from voxproof.datasets.executors.watched import Ended
from voxproof.detection import DEFAULT_DETECTOR, Verdict, load_detector
from voxproof.errors import VoxproofError

if TYPE_CHECKING:
    from voxproof.datasets.executors import Load

_Judged = Verdict | VoxproofError


@dataclass(frozen=True)
class Judging:
    """Loads the detector on a node; names of recordings are those of `folder`, so that what is said is the same."""

    model: str | None
    folder: str

    def __call__(self) -> Callable[[Asked], _Judged]:
        """From a recording to its verdict, or why it cannot be read."""
        if self.folder:
            try:
                os.chdir(self.folder)
            except OSError:
                raise VoxproofError(
                    f"the node {socket.gethostname()} does not see {self.folder}; name what all nodes can read"
                ) from None
        load_detector(self.model or DEFAULT_DETECTOR)
        return partial(judged, model=self.model)


def verdicts_of_cluster(
    asked: Sequence[Asked], model: str | None, jobs: int | None, executor: str, address: str | None
) -> Generator[_Judged, None, None]:
    """See `voxproof.cli.judging.verdicts`; `jobs` actors, one a core of the cluster by default."""
    with connection(executor, address, jobs) as cluster:
        assert cluster is not None
        from voxproof.datasets.executors.ray import answers

        load_detector(model or DEFAULT_DETECTOR)  # a model that is missing is told once, and before anything starts
        relative = any(isinstance(one.path, Path) and not one.path.is_absolute() for one in asked)
        load: Load[Asked, _Judged] = Judging(model, str(Path.cwd()) if relative else "")
        early: dict[int, _Judged] = {}
        following = 0
        for place, answer in answers(asked, load, cluster.actors(jobs), {THREADS: os.environ.get(THREADS, "1")}):
            early[place] = VoxproofError(f"{asked[place].path}: {answer}") if isinstance(answer, Ended) else answer
            while following in early:
                yield early.pop(following)
                following += 1
