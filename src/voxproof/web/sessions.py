"""Live conversions of the pages: what a page has begun, the WebSocket by which its microphone speaks, what was made.

A page presses a button, which prepares the voice and opens a session with a number that nobody can guess; the script of
the page then connects to it. What is made goes to the loudspeaker at once and to a file, so that a long session takes
no memory.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from starlette.websockets import WebSocket

from voxproof.audio import Audio
from voxproof.errors import AudioError, VoxproofError
from voxproof.provenance import Manifest, write_marked
from voxproof.server.calls import call
from voxproof.server.conversing import converse
from voxproof.server.errors import ApiError
from voxproof.server.state import State

if TYPE_CHECKING:
    from voxproof.converting import LiveConversion

PATH = "/live"
LONGEST = 540.0  # seconds of what is made: files of up to ten minutes are read everywhere here
JOINED_WITHIN = 60.0  # seconds that somebody may think about giving the microphone away


class Session:
    """One person at one microphone. `seconds` and `count` say what was made, `problem` what ended it early.

    `notes` is what was left out, and why.
    """

    def __init__(self, live: "LiveConversion", folder: Path) -> None:
        self.live = live
        self.number = secrets.token_urlsafe(12)
        self.seconds, self.count, self.problem = 0.0, 0, ""
        self.notes: list[str] = []
        self._samples = folder / f"{self.number}.f32"
        self._joined = False
        self._over = False
        self._news = asyncio.Event()

    @property
    def url(self) -> str:
        """Its address on this server."""
        return f"{PATH}/{self.number}"

    def join(self) -> None:
        """The page is connected."""
        self._joined = True
        self._news.set()

    def keep(self, piece: Audio) -> bool:
        """Add a piece to the file; whether there is room for more."""
        with self._samples.open("ab") as file:
            file.write(piece.samples.astype("<f4").tobytes())
        self.seconds += piece.duration
        self.count += 1
        self._news.set()
        return self.seconds < LONGEST

    def end(self, problem: str = "") -> None:
        """There is no more."""
        self._over, self.problem = True, self.problem or problem
        self._news.set()

    async def until_over(self) -> AsyncIterator[None]:
        """Something each time that a piece was made, until there is no more or nobody comes."""
        while not self._over:
            # No `asyncio.timeout` around all of it: Gradio takes each step of a generator in a task of its own.
            try:
                await asyncio.wait_for(self._news.wait(), None if self._joined else JOINED_WITHIN)
            except TimeoutError:
                self.end("the browser never gave its microphone: allow it for this page, and start again")
            self._news.clear()
            yield

    def write(self, target: Path) -> None:
        """All of it as one marked file with its manifest beside it. Called on a worker."""
        samples = np.fromfile(self._samples, "<f4")
        facts = {key: value for key, value in self.live.manifest.items() if key not in ("mark", "payload", "rate")}
        write_marked(target, Audio(samples, self.live.rate), Manifest.model_validate(facts))

    def forget(self) -> None:
        """Take the file of samples away."""
        self.end()
        self._samples.unlink(missing_ok=True)


class Sessions:
    """Those that were opened and are not over; who knows the number of one may speak, once."""

    def __init__(self, state_of: Callable[[], State], folder: Path) -> None:
        self._state_of, self._folder = state_of, folder
        self._waiting: dict[str, Session] = {}

    def open(self, live: "LiveConversion") -> Session:
        """A new session; its `forget` follows `close`."""
        session = Session(live, self._folder)
        self._waiting[session.number] = session
        return session

    def close(self, session: Session) -> None:
        """Nobody may join it any more."""
        self._waiting.pop(session.number, None)
        session.forget()

    async def answer(self, socket: WebSocket) -> None:
        """The WebSocket `/live/{number}?rate=48000`, which speaks as `voxproof.server.conversing.converse` does."""
        shared = self._state_of()
        session = self._waiting.pop(socket.path_params["number"], None)

        async def speak() -> None:
            if session is None:
                raise ApiError(404, "this session is over: start again", "not_found")
            rate = socket.query_params.get("rate", "")
            if not rate.isdecimal() or len(rate) > 7:
                raise AudioError("the rate of the microphone is missing")
            session.join()
            try:
                session.notes = await converse(socket, shared, session.live.at(int(rate)), "pcm16", session.keep)
            except (ApiError, VoxproofError) as problem:
                session.end(str(getattr(problem, "detail", problem)))
                raise

        try:
            await call(socket, shared, "conversions", speak)
        finally:
            if session is not None:
                session.end()
