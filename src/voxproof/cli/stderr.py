"""What is said beside the results: notes and progress, on stderr, without colour or bars unless it is a terminal."""

import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from voxproof.notes import one_line, tell_warnings


def say(message: str) -> None:
    """One line on stderr."""
    print(f"voxproof: {message}", file=sys.stderr, flush=True)


class _Notes(logging.Handler):
    """What the package logs (a card of the user's that is broken, say), in the form of all else that is said."""

    def emit(self, record: logging.LogRecord) -> None:
        say(f"note: {one_line(record.getMessage())}")


@contextmanager
def logged() -> Iterator[None]:
    """Print the package's own warnings of the log as notes."""
    logger, handler = logging.getLogger("voxproof"), _Notes(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextmanager
def notes() -> Iterator[list[str]]:
    """Print the API's warnings as lines on stderr, each once, and collect them for `--json`."""
    told: list[str] = []
    with warnings.catch_warnings():
        tell_warnings(lambda message: note(told, message))
        yield told


def note(told: list[str], message: str) -> None:
    """Say it, unless it has been said."""
    line = one_line(message)
    if line not in told:
        told.append(line)
        say(f"note: {line}")


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[int, str], None]]:
    """A bar on stderr: call the result with how much is done and a word about it. Nothing if stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[word]}"), TimeElapsedColumn())
    with Progress(
        *columns,
        console=console,
        transient=True,
        disable=not console.is_terminal,
        redirect_stdout=sys.stdout.isatty(),  # else results would go to stderr, and not where they are piped to
    ) as bars:
        task = bars.add_task(what, total=total, word="")

        def show(done: int, word: str = "") -> None:
            bars.update(task, completed=done if total is None else min(done, total), word=word)

        yield show
