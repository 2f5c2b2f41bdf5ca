"""Several processes on one computer that make units, each with its own models and its own journal."""

import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType

from voxproof.corpora import Row
from voxproof.datasets.build.folder import sweep
from voxproof.datasets.build.journal import ROWS, Entry, Journal
from voxproof.datasets.build.local import Told, carry_out
from voxproof.datasets.build.plan import Plan
from voxproof.datasets.build.units import Unit
from voxproof.datasets.build.workshop import Workshop
from voxproof.datasets.executors.watched import ended
from voxproof.errors import CorpusError, VoxproofError
from voxproof.places import Place

_AT_ONCE = 16  # units given to a process together: neighbours share a voice
_TRIES = 2  # a unit with which two processes ended is not given to a third
_START_SECONDS = 60.0  # for a process to let go of a journal that should be free
_READY = "ready"
_END_SECONDS = 10.0  # for a process to end by itself


class Crew:
    """`workers` processes, each with its own models and its own journal `rows/<shard>-<worker>.jsonl`.

    A process that dies (too little memory, a fault in a library) is replaced; its unit is tried once more and then
    counted as failed by this process, whose journal is number 0.
    """

    def __init__(self, plan: Plan, folder: Place, shard: str, workers: int, failed: Callable[[Unit, str], Row]) -> None:
        self._arguments = (plan, folder)
        self._folder, self._shard, self._failed = folder, shard, failed
        self._context = get_context("spawn")
        self._workers = [_Hand(self._start, number) for number in range(1, workers + 1)]
        self._tries: dict[int, int] = {}
        self._back: deque[Unit] = deque()

    def run(self, units: Iterator[Unit], at_once: int, told: Told) -> None:
        """Make them all."""
        most = max(1, min(_AT_ONCE, at_once))
        try:
            while True:
                for hand in self._workers:
                    if not hand.doing and (chunk := self._next(units, most)):
                        hand.give(chunk)
                busy = {hand.connection: hand for hand in self._workers if hand.doing}
                if not busy:
                    return
                for ready in wait(list(busy)):
                    self._hear(busy[ready], told)  # type: ignore[index]
        finally:
            for hand in self._workers:
                hand.dismiss()

    def _next(self, units: Iterator[Unit], most: int) -> list[Unit]:
        if self._back:  # alone, so that it is known whose unit ends a process
            return [self._back.popleft()]
        return list(islice(units, most))

    def _hear(self, hand: "_Hand", told: Told) -> None:
        try:
            said = hand.connection.recv()
        except (EOFError, OSError):
            self._died(hand, told)
            return
        if isinstance(said, BaseException):
            raise said
        if said == _READY:
            hand.ready = True
            return
        hand.doing.popleft()
        told(*said)

    def _died(self, hand: "_Hand", told: Told) -> None:
        left, ready, code = list(hand.doing), hand.ready, hand.end()
        if not ready:  # no unit's fault, and the next process would not fare better
            raise CorpusError(f"a process ended before it had loaded its models ({ended(code)}); use fewer workers")
        sweep(self._folder, [unit.id for unit in left])
        first = left.pop(0)
        self._back.extend(left)
        self._tries[first.number] = self._tries.get(first.number, 0) + 1
        if self._tries[first.number] < _TRIES:
            self._back.append(first)
        else:
            book = Journal(self._folder / ROWS / f"{self._shard}-0.jsonl")
            why = f"the process that made it ended {_TRIES} times ({ended(code)})"
            book.add(Entry(first.number, first.id, self._failed(first, why), failed=True))
            book.close()
            told(0.0, True)

    def _start(self, number: int) -> tuple[BaseProcess, Connection]:
        ours, theirs = self._context.Pipe()
        journal = self._folder / ROWS / f"{self._shard}-{number}.jsonl"
        process = self._context.Process(target=_work, args=(theirs, *self._arguments, journal), daemon=True)
        process.start()
        theirs.close()
        return process, ours


class _Hand:
    """One process of a crew: what it was given and has not told of yet. It is started when it is first needed."""

    def __init__(self, start: Callable[[int], tuple[BaseProcess, Connection]], number: int) -> None:
        self._start, self._number = start, number
        self._process: BaseProcess | None = None
        self.connection: Connection
        self.doing: deque[Unit] = deque()
        self.ready = False  # its models are loaded

    def give(self, units: Sequence[Unit]) -> None:
        if self._process is None:
            self._process, self.connection = self._start(self._number)
        self.doing.extend(units)
        with suppress(OSError):  # it has died; that is heard when it is listened to
            self.connection.send(list(units))

    def end(self) -> int | None:
        """Its exit code, once it has died; the next units start it anew."""
        assert self._process is not None
        self._process.join(_END_SECONDS)
        code = self._process.exitcode
        self.connection.close()
        self._process = None
        self.ready = False
        self.doing.clear()
        return code

    def dismiss(self) -> None:
        """Let it end: by itself where it has nothing to do, else by force; its half-written file goes with it."""
        if self._process is None:
            return
        if self.doing:
            self._process.terminate()
        with suppress(OSError):
            self.connection.send(None)
        self._process.join(_END_SECONDS)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        self.connection.close()
        self._process = None


def _work(connection: Connection, plan: Plan, folder: Place, journal: Place) -> None:
    """What a process of the crew does: units until it is told to end, or until whoever gave them is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; who gives the units decides
    signal.signal(signal.SIGTERM, _leave)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            book = Journal(journal, _START_SECONDS)
        except VoxproofError as reason:
            connection.send(reason)
            return
        try:
            workshop = Workshop(plan, folder)
            connection.send(_READY)
            while (units := connection.recv()) is not None:
                for unit in units:
                    if not _wanted():
                        return
                    entry = carry_out(workshop, unit)
                    book.add(entry)
                    connection.send((entry.row.duration_s, entry.failed))
        except VoxproofError as reason:
            connection.send(reason)
        except OSError as reason:
            if isinstance(reason, BrokenPipeError | ConnectionResetError):
                raise
            connection.send(CorpusError(f"{journal}: {reason.strerror or reason}"))
        finally:
            book.close()


def _wanted() -> bool:
    """Whether whoever gave the units is still there: what lies in a pipe outlives who wrote it."""
    parent = parent_process()
    return parent is None or parent.is_alive()


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
