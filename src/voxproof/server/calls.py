"""Calls: WebSockets by which sound comes in while it is spoken. How many there are, what they send, how they end."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Literal

import numpy as np
from fastapi import WebSocket, WebSocketDisconnect

from voxproof.errors import AudioError, VoxproofError
from voxproof.features.mel import Floats
from voxproof.notes import one_line
from voxproof.server.access import SUBPROTOCOL
from voxproof.server.errors import ApiError
from voxproof.server.settings import Feature
from voxproof.server.state import State

Encoding = Literal["pcm16", "float32"]
LARGEST = 1 << 20  # bytes of one message
_UNSUPPORTED, _POLICY, _TRY_AGAIN = 1003, 1008, 1013


async def call(socket: WebSocket, shared: State, feature: Feature, work: Callable[[], Awaitable[None]]) -> None:
    """A call from its first message to its last: accepted, and refused where there is no room for one more.

    What goes wrong in `work` is told in one message, `{"error": {"message"}}`, before the socket is closed; a caller
    who hangs up ends it without a word.
    """
    asked = [one.strip() for one in socket.headers.get("sec-websocket-protocol", "").split(",")]
    await socket.accept(next((one for one in asked if one.startswith(SUBPROTOCOL)), None))
    try:
        shared.models.check(feature)
        if len(shared.calls) >= shared.settings.live:
            raise ApiError(429, f"{len(shared.calls)} calls are listened to already", "busy")
        shared.calls.add(socket)
        await work()
        await socket.close()
    except WebSocketDisconnect:
        pass
    except ApiError as refusal:
        codes = {429: _TRY_AGAIN, 503: _TRY_AGAIN, 404: _POLICY}
        await _refuse(socket, codes.get(refusal.status_code, _UNSUPPORTED), str(refusal.detail))
    except VoxproofError as problem:
        await _refuse(socket, _UNSUPPORTED, str(problem))
    finally:
        shared.calls.discard(socket)


async def blocks(socket: WebSocket, encoding: Encoding) -> AsyncIterator[Floats]:
    """The samples of each message, float32 `(n,)`, until the caller sends the text `end`.

    Half a sample at the end of a message waits for its other half. Raises `WebSocketDisconnect`, the errors 400 and 413
    for other messages, and `AudioError` for NaN and infinity.
    """
    width = 2 if encoding == "pcm16" else 4
    rest = b""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1006))
        data = message.get("bytes")
        if data is None:
            if message.get("text") == "end":
                return
            raise ApiError(400, "send binary messages of samples, or the text 'end'")
        if len(data) > LARGEST:
            raise ApiError(413, f"a message of {len(data)} bytes is too large, {LARGEST} are taken")
        data = rest + data
        whole = len(data) - len(data) % width
        rest = data[whole:]
        yield _samples(data[:whole], encoding)


def _samples(data: bytes, encoding: Encoding) -> Floats:
    if encoding == "pcm16":
        return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32_768)
    samples = np.frombuffer(data, "<f4").astype(np.float32)
    if not np.isfinite(samples).all():
        raise AudioError("the samples hold NaN or infinity")
    return samples


async def _refuse(socket: WebSocket, code: int, message: str) -> None:
    try:
        await socket.send_json({"error": {"message": one_line(message)}})
        await socket.close(code)
    except (WebSocketDisconnect, RuntimeError):  # the caller is gone already
        pass
