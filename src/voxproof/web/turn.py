"""One press of a button: its place among the workers, its time, and its problems in one line on the page."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from voxproof.audio import Audio
from voxproof.errors import VoxproofError
from voxproof.notes import one_line
from voxproof.server.errors import ApiError
from voxproof.server.logs import log
from voxproof.server.notes import collected
from voxproof.server.settings import Feature
from voxproof.server.state import State
from voxproof.server.uploads import Recording
from voxproof.web import words
from voxproof.web.desk import Desk

T = TypeVar("T")
Changes = dict[Any, Any]
"""What changes on the page: components and their new values."""
Handler = Callable[..., AsyncIterator[Changes]]


class Turn:
    """What a handler works with. `notes` are the package's warnings of what was done so far."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.state: State = desk.state_of()
        self.notes: list[str] = []
        self.begin_again()

    def begin_again(self) -> None:
        """The time of this turn counts from now: what lies behind was somebody's speaking, not work."""
        self._deadline = time.monotonic() + self.state.settings.time_limit

    async def step(self, function: Callable[[], T]) -> T:
        """Call `function` on a worker; the error 413 when the time of this turn is over."""
        with collected() as told:
            try:
                return await asyncio.wait_for(
                    self.state.workers.step(function), max(0.0, self._deadline - time.monotonic())
                )
            except TimeoutError:
                limit = self.state.settings.time_limit
                raise ApiError(413, f"this takes more than {limit:.0f} s: give less at once") from None
            finally:
                self.notes += [note for note in told if note not in self.notes]

    async def sound(self, path: str) -> Audio:
        """An uploaded recording, decoded in a process of its own."""
        audio, _ = await self.step(partial(read, path, self.state))
        return audio


def read(path: str, state: State) -> tuple[Audio, str]:
    """The sound of an uploaded file and its comment tag. Called on a worker."""
    with Path(path).open("rb") as file:
        return Recording(one_line(Path(path).name), file).sound(state.decoder)


def answering(desk: Desk, notice: Any, handler: Handler, feature: Feature | None = None) -> Handler:
    """`handler` as Gradio calls it: with a `Turn` before what it is given.

    Whatever it cannot do is told in one line at `notice`, and so is what it had to leave out.
    """

    async def answer(*given: Any) -> AsyncIterator[Changes]:
        try:
            turn = Turn(desk)
            if feature is not None:
                turn.state.models.check(feature)
            with turn.state.workers.admitted():
                async with aclosing(handler(turn, *given)) as changes:  # type: ignore[type-var]
                    async for change in changes:
                        yield {notice: words.notes(turn.notes), **change}
        except (VoxproofError, ApiError) as problem:
            yield {notice: words.problem(str(getattr(problem, "detail", problem)))}
        except Exception as mistake:
            # Like the server's log: where it happened, never what was given.
            log.error("mistake", exc_info=mistake, extra={"facts": {"page": True}})
            yield {notice: words.problem("a mistake in Voxproof itself; the server's log has more")}

    return answer
