"""What the package warns of, told to whom it concerns: warnings are of the process, requests run side by side."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from voxproof.notes import tell_warnings

_told: ContextVar[list[str] | None] = ContextVar("told", default=None)


def listen() -> None:
    """Let every `UserWarning` of this process go to the request that caused it, and nowhere else: it may quote text."""

    def tell(message: str) -> None:
        told = _told.get()
        if told is not None and message not in told:
            told.append(message)

    tell_warnings(tell)


@contextmanager
def collected() -> Iterator[list[str]]:
    """The warnings of what is done within, also by workers that this request asks."""
    told: list[str] = []
    token = _told.set(told)
    try:
        yield told
    finally:
        _told.reset(token)
