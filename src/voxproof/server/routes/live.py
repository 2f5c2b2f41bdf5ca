"""`/v1/audio/detections/live`: a WebSocket that takes sound as it comes and answers with a verdict each second."""

from functools import partial
from typing import Annotated, Literal

import numpy as np
from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect

from voxproof.audio import Audio
from voxproof.audio.limits import MAX_RATE, MIN_RATE
from voxproof.errors import AudioError
from voxproof.features.mel import Floats
from voxproof.notes import one_line
from voxproof.server.access import SUBPROTOCOL
from voxproof.server.errors import ApiError
from voxproof.server.judging import judged_sound
from voxproof.server.models import detector_named
from voxproof.server.state import Shared, State

router = APIRouter(prefix="/v1/audio/detections", tags=["Detections"])
Encoding = Literal["pcm16", "float32"]
HEARD = 10.0  # seconds: a verdict is on so much of what came last
EVERY = 1.0  # seconds of sound between two verdicts
LARGEST = 1 << 20  # bytes of one message
_UNSUPPORTED, _POLICY, _TOO_BIG, _TRY_AGAIN = 1003, 1008, 1009, 1013


@router.websocket("/live")
async def live(
    socket: WebSocket,
    shared: Shared,
    rate: Annotated[int, Query(ge=MIN_RATE, le=MAX_RATE)] = 16_000,
    encoding: Encoding = "pcm16",
    model: Annotated[str | None, Query(max_length=64)] = None,
) -> None:
    """Binary messages are mono samples at `rate` Hz, little-endian; the text `end` asks for the last verdict.

    Each answer is a verdict as `/v1/audio/detections` gives it, on the last ten seconds; `from` and `to` say which they
    are, in seconds from the beginning.
    """
    asked = [one.strip() for one in socket.headers.get("sec-websocket-protocol", "").split(",")]
    await socket.accept(next((one for one in asked if one.startswith(SUBPROTOCOL)), None))
    try:
        shared.models.check("detections")
        detector = detector_named(model)
        if len(shared.calls) >= shared.settings.live:
            raise ApiError(429, f"{len(shared.calls)} calls are listened to already", "busy")
    except ApiError as refusal:
        await _refuse(socket, _TRY_AGAIN if refusal.status_code in (429, 503) else _POLICY, str(refusal.detail))
        return
    shared.calls.add(socket)
    try:
        await _listen(socket, shared, _Heard(rate, encoding), detector)
    except WebSocketDisconnect:
        pass
    except (AudioError, ApiError) as problem:
        await _refuse(socket, _UNSUPPORTED, str(getattr(problem, "detail", problem)))
    finally:
        shared.calls.discard(socket)


async def _listen(socket: WebSocket, shared: State, heard: "_Heard", model: str) -> None:
    told = 0.0
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        data = message.get("bytes")
        if data is None:
            if message.get("text") != "end":
                raise ApiError(400, "send binary messages of samples, or the text 'end'")
        elif len(data) > LARGEST:
            raise ApiError(413, f"a message of {len(data)} bytes is too large, {LARGEST} are taken")
        else:
            heard.add(data)
        if data is None or heard.seconds >= told + EVERY:
            told = heard.seconds
            audio = heard.last()
            if len(audio.samples):
                verdict = await shared.workers.step(partial(judged_sound, audio, shared.metrics, model=model))
                ends = {"from": round(told - audio.duration, 3), "to": round(told, 3)}
                await socket.send_json({**ends, **verdict.as_dict()})
        if data is None:
            await socket.close()
            return


async def _refuse(socket: WebSocket, code: int, message: str) -> None:
    await socket.send_json({"error": {"message": one_line(message)}})
    await socket.close(code)


class _Heard:
    """The last seconds of what came in."""

    def __init__(self, rate: int, encoding: Encoding) -> None:
        self.rate = rate
        self._encoding = encoding
        self._samples: Floats = np.zeros(0, np.float32)
        self._rest = b""
        self._count = 0

    @property
    def seconds(self) -> float:
        """How much came in all."""
        return self._count / self.rate

    def add(self, data: bytes) -> None:
        """Take in samples; half a sample at the end waits for its other half. `AudioError` for NaN."""
        data = self._rest + data
        width = 2 if self._encoding == "pcm16" else 4
        whole = len(data) - len(data) % width
        self._rest = data[whole:]
        if self._encoding == "pcm16":
            samples = np.frombuffer(data[:whole], "<i2").astype(np.float32) / np.float32(32_768)
        else:
            samples = np.frombuffer(data[:whole], "<f4").astype(np.float32)
            if not np.isfinite(samples).all():
                raise AudioError("the samples hold NaN or infinity")
        self._count += len(samples)
        self._samples = np.concatenate([self._samples, samples])[-int(HEARD * self.rate) :]

    def last(self) -> Audio:
        """The last `HEARD` seconds."""
        return Audio(self._samples, self.rate)
