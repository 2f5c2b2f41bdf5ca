"""A bounded number of workers and of those who wait for them.

All that takes time is done in steps (a file decoded and judged, a sentence spoken), each on one of a fixed number of
threads that share the models. Between two steps a request gives its worker away, so a long one does not keep short
ones from their turn, and a client that reads slowly keeps no worker at all.
"""

import asyncio
import heapq
import itertools
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import TypeVar

from voxproof.server.errors import ApiError

T = TypeVar("T")
PATIENT = 10.0  # seconds by which the step of a job lets others who came later go first
_LONGEST_RETRY = 60  # seconds
_SMOOTHING = 0.1  # of the mean time of a step


class Workers:
    """`count` threads; `waiting` requests more than that are let in. Used from one event loop."""

    def __init__(self, count: int, waiting: int) -> None:
        self.count = count
        self.most = count + waiting
        self.inside = 0
        self.busy = 0
        self._line: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._mean = 0.5  # seconds of a step
        self._pool = ThreadPoolExecutor(count, "worker")

    @property
    def waiting(self) -> int:
        """How many steps wait for a worker."""
        return sum(not turn.done() for _, _, turn in self._line)

    def check_room(self) -> None:
        """Raise the error 429 if nobody is let in now."""
        if self.inside >= self.most:
            seconds = min(_LONGEST_RETRY, max(1, math.ceil(self._mean * self.inside / self.count)))
            raise ApiError(
                429,
                f"all {self.count} workers are busy and {self.most - self.count} requests wait; "
                f"try again in {seconds} s",
                "busy",
                headers={"Retry-After": str(seconds)},
            )

    def enter(self) -> None:
        """Let a request in; `leave` follows."""
        self.check_room()
        self.inside += 1

    def leave(self) -> None:
        """It is answered, or given up."""
        self.inside -= 1

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """`enter` and `leave`."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    async def step(self, function: Callable[[], T], *, patience: float = 0.0) -> T:
        """Call `function` on a worker, in the order of coming but for `patience` (seconds).

        Who is cancelled while waiting leaves the line. A function that runs already runs to its end, and its worker is
        free only then.
        """
        await self._turn(patience)
        started = time.monotonic()
        running = asyncio.get_running_loop().run_in_executor(self._pool, copy_context().run, function)
        running.add_done_callback(lambda done: self._finished(done, started))
        return await asyncio.shield(running)

    def close(self) -> None:
        """Take no more steps."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _turn(self, patience: float) -> None:
        if self.busy < self.count:
            self.busy += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._line, (time.monotonic() + patience, next(self._numbers), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was just given a worker
                self._free()
            raise

    def _finished(self, done: "asyncio.Future[T]", started: float) -> None:
        self._mean += _SMOOTHING * (time.monotonic() - started - self._mean)
        if not done.cancelled():
            done.exception()  # looked at, even where nobody waits for it any more
        self._free()

    def _free(self) -> None:
        while self._line:
            _, _, turn = heapq.heappop(self._line)
            if not turn.done():
                turn.set_result(None)
                return
        self.busy -= 1
