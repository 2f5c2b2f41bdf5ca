"""Live conversion over a WebSocket: samples in, each utterance in the other voice out as soon as it has ended."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from fastapi import WebSocket

from voxproof.audio import Audio
from voxproof.audio.encoding import StreamEncoder
from voxproof.server.calls import Encoding, blocks
from voxproof.server.notes import collected
from voxproof.server.state import State

if TYPE_CHECKING:  # loaded with the models, not before
    from voxproof.audio.utterances import Utterance
    from voxproof.converting import LiveConversion

Keep = Callable[[Audio], bool]
"""Told of each piece that was sent; whether there is room for more."""


async def converse(
    socket: WebSocket, shared: State, live: "LiveConversion", encoding: Encoding, keep: Keep = lambda piece: True
) -> list[str]:
    """Answer until the caller sends `end`, hangs up, or `keep` has enough; the notes of what was left out.

    First comes a message with what all pieces have in common: `rate` (Hz) and `encoding` of the answers, `manifest`.
    Then, of each utterance, where it lies in what was sent (`from`, `to`, in seconds) and a binary message with its
    sound. The last message has the `notes`.

    One utterance is converted after the other, and while that is done no more is read of the socket: who speaks faster
    than this computer converts is slowed down, and nothing piles up here.
    """
    await socket.send_json({"rate": live.rate, "encoding": "pcm16", "manifest": live.manifest})

    async def told(utterances: "list[Utterance]") -> bool:
        for utterance in utterances:
            piece = await shared.workers.step(partial(live.convert, utterance))
            if piece is None:
                continue
            shared.metrics.made.labels("conversion").inc(piece.duration)
            rate = utterance.audio.rate
            await socket.send_json({"from": round(utterance.start / rate, 3), "to": round(utterance.end / rate, 3)})
            await socket.send_bytes(StreamEncoder("pcm", piece.rate).add(piece))
            if not keep(piece):
                return False
        return True

    with collected() as notes:
        more = True
        async for samples in blocks(socket, encoding):
            # Off the event loop, though it is quick: a message may hold half a minute.
            more = await told(await asyncio.to_thread(live.add, samples))
            if not more:
                break
        if more:
            await told(await asyncio.to_thread(live.end))
    await socket.send_json({"notes": notes})
    return notes
