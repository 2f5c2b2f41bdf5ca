"""Verdicts on many recordings, in this process or in several at once, in the order in which they were named."""

import logging
import multiprocessing
import signal
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voxproof.cores import cores, share_cores
from voxproof.errors import ModelError, VoxproofError
from voxproof.places import Address, Place, brought

if TYPE_CHECKING:
    from voxproof.detection import Verdict

WORTH_A_PROCESS = 20  # recordings: starting a process takes about as long as judging so many
_AHEAD = 4  # recordings for each process that are under way or wait to be told: bounds the memory


@dataclass(frozen=True)
class Asked:
    """One recording, and whether its verdict is explained."""

    path: Place
    explain: bool = False


def verdicts(
    asked: Sequence[Asked],
    model: str | None,
    jobs: int | None = None,
    executor: str = "local",
    address: str | None = None,
) -> "Generator[Verdict | VoxproofError, None, None]":
    """The verdict on each recording, or the error that says why there is none.

    At most `jobs` processes (one a core by default), fewer for few recordings; or actors of the cluster at `address`.
    Raises `ModelError` when the model is missing or broken.
    """
    if (executor, address) != ("local", None):
        from voxproof.cli.judging_cluster import verdicts_of_cluster

        yield from verdicts_of_cluster(asked, model, jobs, executor, address)
        return
    processes = min(jobs or cores(), len(asked) // WORTH_A_PROCESS)
    if processes < 2:
        for one in asked:
            yield judged(one, model)
        return
    from voxproof.detection import DEFAULT_DETECTOR, load_detector

    load_detector(model or DEFAULT_DETECTOR)  # a model that is missing is told once, and before anything starts
    pool = ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context("spawn"), initializer=_begin, initargs=(processes,)
    )
    waiting: deque[Future[Verdict | VoxproofError]] = deque()
    try:
        for one in asked:
            waiting.append(pool.submit(judged, one, model))
            if len(waiting) >= _AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise VoxproofError(
            "a process ended before its recording was judged (too little memory?); use --jobs 1"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def judged(asked: Asked, model: str | None) -> "Verdict | VoxproofError":
    """The verdict on one recording, or why it cannot be read."""
    from voxproof.api import detect

    try:
        if isinstance(asked.path, Address):
            return _judged_at(asked.path, model, asked.explain)
        return detect(asked.path, model=model, explain=asked.explain)
    except ModelError:
        raise
    except VoxproofError as problem:
        return problem


def _judged_at(address: Address, model: str | None, explain: bool) -> "Verdict":
    """What `detect` says of a copy, told of the address: nothing that takes paths opens an address itself."""
    from voxproof.api import detect
    from voxproof.audio.limits import MAX_BYTES

    with brought(address, MAX_BYTES + 2**20) as copy:
        try:
            verdict = detect(copy, model=model, explain=explain)
        except ModelError:
            raise
        except VoxproofError as problem:
            raise type(problem)(str(problem).replace(str(copy), address.shown)) from None
    said = tuple(replace(one, message=one.message.replace(str(copy), address.shown)) for one in verdict.findings)
    return replace(verdict, findings=said)


def _begin(processes: int) -> None:
    """In each process: the cores are shared out, Ctrl-C is for the process that started it, notes are told by that."""
    share_cores(processes)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger("voxproof").addHandler(logging.NullHandler())
    logging.getLogger("voxproof").propagate = False
