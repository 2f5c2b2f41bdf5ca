"""`POST /v1/audio/speech`: a text in an enrolled voice, sent sentence by sentence while it is made."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from voxproof.server.errors import ApiError, documented
from voxproof.server.models import SPEECH
from voxproof.server.notes import collected
from voxproof.server.patience import while_wanted
from voxproof.server.routes.voices import voice_named
from voxproof.server.schemas import MEDIA_TYPES, SpeechRequest
from voxproof.server.speaking import Asked, Speaking
from voxproof.server.state import Shared, State

EVENTS = "text/event-stream"
router = APIRouter(prefix="/v1/audio/speech", tags=["Speech"])
_LONGEST_HEADER = 2000  # characters
SOUND: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The sound.",
        "content": {
            **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()},
            EVENTS: {"schema": {"type": "string"}},
        },
    }
}


@router.post("", response_class=Response, responses={**SOUND, **documented(404, 408, 413, 429, 503)})
async def speak(request: Request, shared: Shared, wanted: SpeechRequest) -> Response:
    """Say a text in an enrolled voice.

    Every sentence carries Voxproof's watermark, and the file a manifest in its comment tag (`pcm` has no room for one).
    The answer begins when the first sentence is spoken. A file that is sent so does not say at its head how long it is.
    With `stream_format` `sse` the same bytes come in base64, in events `speech.audio.delta` and one
    `speech.audio.done`; nothing here is counted in tokens.
    What had to be left out of the text is told in the header `Voxproof-Notes`, a JSON list.
    """
    if len(wanted.input) > shared.settings.text:
        raise ApiError(
            413,
            f"input: {len(wanted.input)} characters are too many, {shared.settings.text} are said at once; "
            "make it a job (/v1/jobs/speech)",
            "too_long",
            param="input",
        )
    speaking = Speaking(await asked(wanted))
    shared.models.check("speech")
    shared.workers.enter()
    try:
        with collected() as told:
            first = await while_wanted(request, shared.settings.time_limit, shared.workers.step(speaking.next))
    except BaseException:
        shared.workers.leave()
        raise
    answer = _Events if wanted.stream_format == "sse" else _Spoken
    return answer(shared, speaking, first or b"", MEDIA_TYPES[wanted.response_format], told)


async def asked(wanted: SpeechRequest) -> Asked:
    """The request with its voice. The errors 404 say which voice or model there is not."""
    if wanted.model not in SPEECH:
        raise ApiError(404, f"there is no model of that name; there are {', '.join(SPEECH)}", "model_not_found")
    name = wanted.voice if isinstance(wanted.voice, str) else wanted.voice.id
    return Asked(
        wanted.input,
        await run_in_threadpool(voice_named, name),
        wanted.response_format,
        speed=wanted.speed,
        seed=wanted.seed,
        consent=wanted.consent,
        rate=wanted.rate,
        pronunciations=wanted.pronunciations,
    )


class _Spoken(StreamingResponse):
    """The rest of the sentences. The place among the workers is given up when this ends, however it ends."""

    def __init__(self, shared: State, speaking: Speaking, first: bytes, media_type: str, told: list[str]) -> None:
        headers = {"X-Accel-Buffering": "no", "Voxproof-Mark": f"{speaking.manifest.get('payload', 0):04x}"}
        if told:
            while len(json.dumps(told)) > _LONGEST_HEADER:
                told = told[:-1]
            headers["Voxproof-Notes"] = json.dumps(told)
        rest = self._rest(shared, speaking, first)
        super().__init__(self._wrapped(rest), headers=headers, media_type=media_type)
        self._shared = shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; a client that does not take it within the time limit is cut off."""
        try:
            async with asyncio.timeout(self._shared.settings.time_limit):
                await super().__call__(scope, receive, send)
        finally:
            self._shared.workers.leave()

    @staticmethod
    def _wrapped(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """What is sent of the pieces of the file."""
        return pieces

    @staticmethod
    async def _rest(shared: State, speaking: Speaking, first: bytes) -> AsyncIterator[bytes]:
        piece: bytes | None = first
        while piece is not None:
            if piece:
                yield piece
            piece = await shared.workers.step(speaking.next)
        shared.metrics.made.labels("speech").inc(speaking.seconds)
        yield speaking.end()


class _Events(_Spoken):
    """The same as server-sent events, as OpenAI's API has them."""

    def __init__(self, shared: State, speaking: Speaking, first: bytes, media_type: str, told: list[str]) -> None:
        super().__init__(shared, speaking, first, EVENTS, told)

    @staticmethod
    async def _wrapped(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for piece in pieces:
            if piece:
                yield _event({"type": "speech.audio.delta", "audio": base64.b64encode(piece).decode()})
        usage = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
        yield _event({"type": "speech.audio.done", "usage": usage})


def _event(data: dict[str, object]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()
