"""`/v1/audio/conversions/live`: a WebSocket that says what it hears again in an enrolled voice."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, WebSocket

from voxproof.server.calls import Encoding, call
from voxproof.server.conversing import converse
from voxproof.server.routes.live import Rate
from voxproof.server.routes.voices import voice_named
from voxproof.server.schemas import Name, Seed
from voxproof.server.state import Shared

router = APIRouter(prefix="/v1/audio/conversions", tags=["Conversions"])


@router.websocket("/live")
async def live(
    socket: WebSocket,
    shared: Shared,
    voice: Annotated[Name, Query()],
    rate: Rate = 16_000,
    encoding: Encoding = "pcm16",
    seed: Annotated[Seed, Query()] = 0,
    consent: Annotated[str | None, Query(min_length=1, max_length=2000)] = None,
) -> None:
    """Binary messages are mono samples at `rate` Hz, little-endian; the text `end` asks for the last utterance.

    The answers are those of `voxproof.server.conversing.converse`.
    """

    async def speak() -> None:
        from voxproof.api import live_conversion  # loaded with the models, which are there by now

        target = await shared.workers.step(partial(voice_named, voice))
        begun = partial(live_conversion, target, rate=rate, seed=seed, consent=consent)
        await converse(socket, shared, await shared.workers.step(begun), encoding)

    await call(socket, shared, "conversions", speak)
