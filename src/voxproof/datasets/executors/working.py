"""The process in which `Watched` has work done: it loads once, then answers task after task."""

import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from voxproof.errors import VoxproofError


def serve(connection: Connection) -> None:
    """Take what loads the work, then tasks, until whoever gives them is gone.

    Of each it says whether all went well, and what came of it: an answer, or the error.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; who gives the tasks decides
    with suppress(EOFError, OSError):
        well, work = _tried(connection.recv())
        connection.send((well, None if well else work))
        while True:
            connection.send(_tried(work, connection.recv()))


def _tried(function: Callable[..., Any], *arguments: Any) -> tuple[bool, Any]:
    try:
        return True, function(*arguments)
    except VoxproofError as reason:
        return False, reason
    except Exception as mistake:
        # An error of a class that only this process knows could not be read on the other side.
        return False, VoxproofError(f"{type(mistake).__name__}: {' '.join(str(mistake).split())}")


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
