"""How far a run is: rows, hours of sound, how much faster than it plays, and how long it still takes."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

EVERY = 30.0  # seconds between two lines where there is no terminal


class Meter:
    """Counts what a run makes. `total` units are its own to make, of which `done` were made before it."""

    def __init__(self, total: int, done: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self.total, self.before, self.made, self.failed = total, done, 0, 0
        self.seconds = 0.0
        self._clock = clock
        self._start = clock()

    def add(self, seconds: float, failed: bool) -> None:
        """One more unit, with so many seconds of sound."""
        self.failed += failed
        self.made += not failed
        self.seconds += seconds if not failed else 0.0

    @property
    def done(self) -> int:
        """Units that need nothing more."""
        return self.before + self.made + self.failed

    @property
    def wall(self) -> float:
        """Seconds since the run began."""
        return max(self._clock() - self._start, 1e-9)

    def left(self) -> float:
        """Seconds that the rest takes at the pace so far; infinity before anything is done."""
        tried = self.made + self.failed
        return (self.total - self.done) * self.wall / tried if tried else float("inf")

    def line(self) -> str:
        """All of it for people."""
        failed = f", {self.failed:,} failed" if self.failed else ""
        pace = f"{self.seconds / 3600:.2f} h made, {self.seconds / self.wall:.1f} times real time"
        left = self.left()
        return f"{self.done:,} of {self.total:,} rows{failed}, {pace}, {_span(left)} left"


@contextmanager
def shown(meter: Meter, lines: bool) -> Iterator[Callable[[float, bool], None]]:
    """What a run tells of each unit: a bar on a terminal; else, with `lines`, a line on stderr every 30 s."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _in_lines(meter) if lines else meter.add
        if lines:
            print(meter.line(), file=sys.stderr, flush=True)
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[word]}"))
    with Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as bars:
        task = bars.add_task("rows", total=meter.total, completed=meter.done, word="")

        def tell(seconds: float, failed: bool) -> None:
            meter.add(seconds, failed)
            bars.update(task, completed=meter.done, word=meter.line().partition("rows, ")[2])

        yield tell


def _in_lines(meter: Meter) -> Callable[[float, bool], None]:
    last = 0.0

    def tell(seconds: float, failed: bool) -> None:
        nonlocal last
        meter.add(seconds, failed)
        if meter.wall - last >= EVERY:
            last = meter.wall
            print(meter.line(), file=sys.stderr, flush=True)

    return tell


def _span(seconds: float) -> str:
    if seconds == float("inf"):
        return "nobody knows how much"
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
