"""The executor of a cluster: tasks through Ray Data, with actors that load their models once. Only this file knows Ray.

A round of tasks is a data set of small blocks, which `map_batches` streams through a pool of actors. Answers come back
within a second and in no order. What runs ahead is bounded: a round by its tasks and bytes, what Ray Data keeps in the
object store by its resource limits. An actor whose node dies is started elsewhere and its block given again; answers
that come twice are dropped here, tasks without an answer are given once more.

Models run in a process beside the actor (`Watched`), so that a task that ends its process is known by its name.
"""

import logging
import os
import socket
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import voxproof
from voxproof.cores import cores
from voxproof.datasets.executors.connection import LOCAL, Actors, Cluster
from voxproof.datasets.executors.watched import Ended, Load, Watched
from voxproof.errors import VoxproofError

if TYPE_CHECKING:
    import pyarrow
    import ray
    import ray.data

T = TypeVar("T")
R = TypeVar("R")

BLOCK = 32  # tasks given to an actor together: neighbours share a voice
TELL_SECONDS = 1.0  # between two messages of an actor: each costs the driver tens of milliseconds
ROUND_TASKS = 16_384  # for each actor; then the actors are started anew, which takes half a minute
ROUND_BYTES = 32 << 20  # of tasks, at most, or
ROUND_BYTES_EACH = 2 << 20  # for each actor, if that is more
STORE_BYTES = 128 << 20  # of Ray's object store that a run may use, or
STORE_BYTES_EACH = 4 << 20  # for each actor, if that is more
_LOCAL_STORE = 256 << 20  # bytes: the object store of a cluster that we start
_REACH_SECONDS = 5.0  # for an address to be connected to
_SILENT = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal", "RAY_DATA_DISABLE_PROGRESS_BARS": "1"}
_LONGEST = 200  # characters of what Ray says of itself
_ANSWER, _ERROR = 0, 1
_IDLE_ROUNDS = 3  # a round that is given again this often without one answer ends the run


@contextmanager
def connected(address: str, workers: int | None = None) -> "Iterator[Cluster]":
    """A connection to the cluster at `local`, `auto`, `HOST:PORT` or `ray://HOST:PORT`; one that is there is used.

    `VoxproofError` in one line, within seconds, if there is none.
    """
    ray = _ray()
    if ray.is_initialized():
        yield _size(ray)
        return
    for name, value in _SILENT.items():
        os.environ.setdefault(name, value)
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address == LOCAL:
        options |= {"num_cpus": workers or cores(), "include_dashboard": False, "object_store_memory": _LOCAL_STORE}
    else:
        address = _reached(address)
    try:
        with _hushed():
            ray.init(address=address, **options)
    except Exception as reason:  # Ray raises half a dozen classes that share no base, and tells in many lines
        first = next(iter(str(reason).strip().splitlines()), type(reason).__name__)
        raise VoxproofError(
            f"cannot reach Ray at {address}: {first}; give --address a node's HOST:PORT (on a computer that is a node "
            "itself) or ray://HOST:10001, or start one with: ray start --head"
        ) from None
    _quiet()
    try:
        yield _size(ray)
    finally:
        ray.shutdown()


def answers(
    tasks: Iterable[T], load: "Load[T, R]", actors: Actors, environment: Mapping[str, str]
) -> Iterator[tuple[int, R | Ended]]:
    """The place of each task with its answer, in no order, over the cluster that is connected.

    `environment` are variables of the processes that do the work. The `VoxproofError` that the work raises ends the
    run, as does a node with another version of Voxproof.
    """
    ray = _ray()
    numbered = enumerate(tasks)
    while left := _round(ray, numbered, actors):
        idle, why = 0, ""
        while left:
            before = len(left)
            try:
                for number, kind, answer in _streamed(ray, left, load, actors, dict(environment)):
                    if left.pop(number, None) is None:
                        continue
                    if kind == _ERROR:
                        raise answer
                    yield number, answer
            except ray.exceptions.RayError as reason:  # a node that died at a bad moment: what is left is given again
                why = f" ({' '.join(str(reason).split())[-_LONGEST:]})"
            idle = idle + 1 if len(left) == before else 0
            if idle >= _IDLE_ROUNDS:
                raise VoxproofError(f"Ray gave no answer to {len(left)} tasks{why}; is voxproof on all of its nodes?")


class _Actor:
    """What Ray Data makes one of in each actor: a block of tasks in, their answers out, some every second."""

    def __init__(self, load: "Load[Any, Any]", environment: dict[str, str], version: str) -> None:
        self._work: Watched[Any, Any] = Watched(load, environment)
        self._version = version

    def __call__(self, block: "pyarrow.Table") -> "Iterator[pyarrow.Table]":
        import pyarrow
        from ray import cloudpickle

        told: list[tuple[int, int, object]] = []
        since = time.monotonic()
        for number, task in zip(block["number"].to_pylist(), block["task"].to_pylist(), strict=True):
            told.append((number, *self._told(cloudpickle.loads(task))))
            if time.monotonic() - since > TELL_SECONDS:
                yield pyarrow.table({"told": [cloudpickle.dumps(told)]})
                told, since = [], time.monotonic()
        if told:
            yield pyarrow.table({"told": [cloudpickle.dumps(told)]})

    def _told(self, task: object) -> tuple[int, object]:
        """An error is told instead of raised, since Ray would wrap it in its own."""
        if voxproof.__version__ != self._version:
            here = f"{socket.gethostname()} has voxproof {voxproof.__version__}"
            return _ERROR, VoxproofError(f"{here}, where the run is of {self._version}; install one version everywhere")
        try:
            return _ANSWER, self._work(task)
        except VoxproofError as reason:
            return _ERROR, reason


def _round(ray: "ray", numbered: Iterator[tuple[int, T]], actors: Actors) -> dict[int, bytes]:
    """The next tasks as bytes, by number."""
    found: dict[int, bytes] = {}
    size, most = 0, max(ROUND_BYTES, ROUND_BYTES_EACH * actors.workers)
    for number, task in islice(numbered, ROUND_TASKS * actors.workers):
        found[number] = ray.cloudpickle.dumps(task)
        size += len(found[number])
        if size >= most:
            break
    return found


def _streamed(
    ray: "ray", left: dict[int, bytes], load: "Load[T, R]", actors: Actors, environment: dict[str, str]
) -> Iterator[tuple[int, int, Any]]:
    """Number, kind and answer of each task as they come; some twice if a node dies."""
    import pyarrow

    numbers = list(left)
    block = max(1, min(BLOCK, len(numbers) // (4 * actors.workers)))
    blocks = [
        pyarrow.table({"number": some, "task": pyarrow.array([left[one] for one in some], pyarrow.binary())})
        for some in (numbers[start : start + block] for start in range(0, len(numbers), block))
    ]
    source = ray.data.from_arrow(blocks)
    _bound(source.context, actors.workers)
    made = source.map_batches(
        _Actor,
        fn_constructor_args=(load, environment, voxproof.__version__),
        compute=ray.data.ActorPoolStrategy(size=min(actors.workers, len(blocks)), max_tasks_in_flight_per_actor=2),
        batch_size=block,
        batch_format="pyarrow",
        num_cpus=1,
        num_gpus=actors.gpu or None,
    )  # Ray Data starts an actor anew, and gives its block again, as often as it takes
    for batch in made.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
        for told in batch["told"].to_pylist():
            yield from ray.cloudpickle.loads(told)


def _bound(context: "ray.data.DataContext", workers: int) -> None:
    """How much Ray Data may keep, and that it says nothing."""
    store = max(STORE_BYTES, STORE_BYTES_EACH * workers)
    limits = type(context.execution_options.resource_limits)
    context.execution_options.resource_limits = limits.for_limits(object_store_memory=store)
    context.target_max_block_size = 1  # each message is a block of its own: it comes when it is sent
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.max_consecutive_actor_init_deaths = 2 * workers  # by then it was no node that died: voxproof is not there


def _reached(address: str) -> str:
    """The address, if anybody listens there: Ray itself would try for a minute."""
    if address == "auto":
        address = os.environ.get("RAY_ADDRESS") or address
    if address == "auto":
        return address
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal():
        raise VoxproofError(f"--address {address!r}: give local, auto, HOST:PORT or ray://HOST:PORT")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _REACH_SECONDS).close()
    except (OSError, OverflowError) as reason:
        why = getattr(reason, "strerror", None) or reason
        raise VoxproofError(f"cannot reach Ray at {address} ({why}); is the cluster up, and the port right?") from None
    return address


def _size(ray: "ray") -> Cluster:
    nodes = [one["Resources"] for one in ray.nodes() if one["Alive"]]
    gpus = sum(one.get("GPU", 0.0) for one in nodes)
    usable = [one for one in nodes if one.get("GPU") or not gpus]
    return Cluster(max(1, int(sum(one.get("CPU", 0.0) for one in usable))), gpus)


@contextmanager
def _hushed() -> Iterator[None]:
    """Whatever libraries write to stderr by themselves goes nowhere: Ray's core has no other way to be silent."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _quiet() -> None:
    """Ray tells of its nodes on stdout, where the results of a command are; nothing but errors is left of it."""
    import_module("ray.data")  # it sets its logger up
    worker: Any = import_module("ray._private.worker")
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    if hasattr(worker, "print_to_stdstream"):
        worker.print_to_stdstream = lambda *_, **__: None


def _ray() -> "ray":
    try:
        import pyarrow  # noqa: F401
        import ray
        import ray.exceptions
    except ImportError:
        raise VoxproofError(
            "the executor ray needs Ray: pip install 'voxproof[ray]', or use --executor local"
        ) from None
    return ray
