"""Sound that is listened to while it is made: an address for an audio element, which plays what has come so far."""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

PATH = "/listen"
KEPT = 16  # sounds; older ones can be fetched as finished files only


class Sound:
    """One sound on its way. Every listener gets all of it from the beginning."""

    def __init__(self, media_type: str) -> None:
        self.media_type = media_type
        self.number = secrets.token_urlsafe(12)
        self._pieces: list[bytes] = []
        self._whole = False
        self._more = asyncio.Event()

    @property
    def url(self) -> str:
        """Its address on this server."""
        return f"{PATH}/{self.number}"

    def add(self, data: bytes) -> None:
        """Send so much more."""
        if data:
            self._pieces.append(data)
            self._wake()

    def end(self) -> None:
        """There is no more."""
        self._whole = True
        self._wake()

    async def read(self) -> AsyncIterator[bytes]:
        """What there is and what will come."""
        heard = 0
        while True:
            more = self._more
            while heard < len(self._pieces):
                heard += 1
                yield self._pieces[heard - 1]
            if self._whole:
                return
            await more.wait()

    def _wake(self) -> None:
        self._more.set()
        self._more = asyncio.Event()


class Listening:
    """The sounds that can be listened to; who knows the address of one may."""

    def __init__(self) -> None:
        self._sounds: OrderedDict[str, Sound] = OrderedDict()

    def open(self, media_type: str) -> Sound:
        """A new sound; the oldest of too many is forgotten."""
        sound = Sound(media_type)
        self._sounds[sound.number] = sound
        while len(self._sounds) > KEPT:
            self._sounds.popitem(last=False)
        return sound

    async def answer(self, request: Request) -> Response:
        """`GET /listen/{number}`."""
        sound = self._sounds.get(request.path_params["number"])
        if sound is None:
            return PlainTextResponse("this sound is not kept any more", 404)
        return StreamingResponse(
            sound.read(),
            media_type=sound.media_type,
            headers={"Cache-Control": "no-store", "Accept-Ranges": "none", "X-Accel-Buffering": "no"},
        )
