"""Work in a process of its own, watched: a fault in a library ends that process and not the one that gave the task."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Generic, TypeAlias, TypeVar

from voxproof.errors import VoxproofError

T = TypeVar("T")
R = TypeVar("R")

Load: TypeAlias = Callable[[], Callable[[T], R]]
"""Loads what the work needs, once in a process, and returns the function from a task to its answer."""

_TRIES = 2  # a task with which two processes ended is not given to a third
_END_SECONDS = 10.0  # for a process to end by itself


@dataclass(frozen=True)
class Ended:
    """In place of an answer: the process that worked on the task ended `tries` times, the last time with `code`."""

    tries: int
    code: int

    def __str__(self) -> str:
        return f"the process that made it ended {self.tries} times ({ended(self.code)})"


class Watched(Generic[T, R]):
    """The function that `load` returns, in a process that is replaced when it dies.

    `environment` are variables that the process gets beside those of this one. It starts with the first task, and ends
    by itself when this process ends.
    """

    def __init__(self, load: "Load[T, R]", environment: Mapping[str, str]) -> None:
        self._load = load
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection

    def __call__(self, task: T) -> R | Ended:
        """The answer, or that two processes ended over it. Raises the `VoxproofError` that the work raises."""
        code = 0
        for _ in range(_TRIES):
            if self._process is None:
                self._start()
            try:
                self._connection.send(task)
                return self._heard()
            except VoxproofError:  # some are OSErrors too
                raise
            except (EOFError, OSError):
                code = self.close()
        return Ended(_TRIES, code)

    def close(self) -> int:
        """End the process, if there is one: its exit code, 0 without one."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        self._connection.close()
        try:
            return process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def _start(self) -> None:
        """A fresh interpreter, which shares nothing with this one but where modules are found."""
        self._connection, theirs = Pipe()
        command = [sys.executable, "-P", "-m", "voxproof.datasets.executors.working", str(theirs.fileno())]
        environment = os.environ | self._environment | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()])
        theirs.close()
        try:
            with suppress(BrokenPipeError):
                self._connection.send(self._load)
            self._heard()
        except VoxproofError:
            self.close()
            raise
        except (EOFError, OSError):  # no task's fault, and the next process would not fare better
            why = ended(self.close())
            raise VoxproofError(f"a process ended before it had loaded its models ({why}); use fewer workers") from None

    def _heard(self) -> R:
        """What the process says; an error that it says is raised."""
        well, said = self._connection.recv()
        if not well:
            raise said
        answer: R = said
        return answer


def ended(code: int | None) -> str:
    """How a process ended, in words."""
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
