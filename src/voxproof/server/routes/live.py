"""`/v1/audio/detections/live`: a WebSocket that hears sound as it comes and answers with a verdict each second."""

from functools import partial
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, WebSocket

from voxproof.audio import Audio
from voxproof.audio.limits import MAX_RATE, MIN_RATE
from voxproof.features.mel import Floats
from voxproof.server.calls import Encoding, blocks, call
from voxproof.server.judging import judged_sound
from voxproof.server.models import detector_named
from voxproof.server.state import Shared, State

router = APIRouter(prefix="/v1/audio/detections", tags=["Detections"])
Rate = Annotated[int, Query(ge=MIN_RATE, le=MAX_RATE)]
HEARD = 10.0  # seconds: a verdict is on so much of what came last
EVERY = 1.0  # seconds of sound between two verdicts


@router.websocket("/live")
async def live(
    socket: WebSocket,
    shared: Shared,
    rate: Rate = 16_000,
    encoding: Encoding = "pcm16",
    model: Annotated[str | None, Query(max_length=64)] = None,
) -> None:
    """Binary messages are mono samples at `rate` Hz, little-endian; the text `end` asks for the last verdict.

    Each answer is a verdict as `/v1/audio/detections` gives it, on the last ten seconds; `from` and `to` say which they
    are, in seconds from the beginning.
    """

    async def listen() -> None:
        detector = detector_named(model)
        heard, told = _Heard(rate), 0.0
        async for samples in blocks(socket, encoding):
            heard.add(samples)
            if heard.seconds >= told + EVERY:
                told = heard.seconds
                await _tell(socket, shared, heard, detector)
        await _tell(socket, shared, heard, detector)

    await call(socket, shared, "detections", listen)


async def _tell(socket: WebSocket, shared: State, heard: "_Heard", model: str) -> None:
    audio, end = heard.last(), heard.seconds
    if len(audio.samples):
        verdict = await shared.workers.step(partial(judged_sound, audio, shared.metrics, model=model))
        await socket.send_json({"from": round(end - audio.duration, 3), "to": round(end, 3), **verdict.as_dict()})


class _Heard:
    """The last seconds of what came in."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._samples: Floats = np.zeros(0, np.float32)
        self._count = 0

    @property
    def seconds(self) -> float:
        """How much came in all."""
        return self._count / self.rate

    def add(self, samples: Floats) -> None:
        """Take in samples."""
        self._count += len(samples)
        self._samples = np.concatenate([self._samples, samples])[-int(HEARD * self.rate) :]

    def last(self) -> Audio:
        """The last `HEARD` seconds."""
        return Audio(self._samples, self.rate)
