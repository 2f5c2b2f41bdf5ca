"""What the package warns of, told to whom it concerns: warnings are of the process, requests run side by side."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TextIO

from voxproof.server.errors import one_line

_told: ContextVar[list[str] | None] = ContextVar("told", default=None)


def listen() -> None:
    """Let every `UserWarning` of this process go to the request that caused it, and nowhere else: it may quote text."""

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        told = _told.get()
        said = one_line(str(message))
        if told is not None and said not in told:
            told.append(said)

    warnings.simplefilter("ignore")
    warnings.simplefilter("always", UserWarning)
    warnings.showwarning = show


@contextmanager
def collected() -> Iterator[list[str]]:
    """The warnings of what is done within, also by workers that this request asks."""
    told: list[str] = []
    token = _told.set(told)
    try:
        yield told
    finally:
        _told.reset(token)
