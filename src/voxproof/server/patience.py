"""How long an answer is worked on: while somebody waits for it, and not longer than allowed."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request

from voxproof.server.errors import ApiError

T = TypeVar("T")
GONE = 499  # nobody reads this answer; the log and the metrics count it


async def while_wanted(request: Request, seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives; it is cancelled when the client hangs up (499) and after `seconds` (413).

    The body of the request must have been read.
    """
    doing = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait({doing, leaving}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            return doing.result()
        if leaving.done():
            raise ApiError(GONE, "the client hung up", "gone")
        raise ApiError(
            413, f"this takes more than {seconds:.0f} s: send less at once, or make it a job (/v1/jobs)", "time_limit"
        )
    finally:
        for task in (doing, leaving):
            task.cancel()


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
