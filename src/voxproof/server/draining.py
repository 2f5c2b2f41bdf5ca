"""The rest of a body whose answer is already known.

A connection that is closed while its client still sends is reset, and the client sees that instead of the answer. So
what is left of a body of usual size is read and thrown away first.
"""

import asyncio

from starlette.types import Receive

DRAINED_BYTES = 4 << 20
DRAINED_SECONDS = 5.0


async def drain(receive: Receive) -> bool:
    """Read a body to its end, or until it is too much or too slow; whether the end was reached."""
    count = 0
    try:
        async with asyncio.timeout(DRAINED_SECONDS):
            while count < DRAINED_BYTES:
                message = await receive()
                count += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return True
    except TimeoutError:
        pass
    return False
