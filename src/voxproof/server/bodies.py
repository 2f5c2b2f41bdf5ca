"""Bodies of requests within bounds, while they come in: how large, how slow, how many at once."""

import asyncio
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from voxproof.server.draining import drain
from voxproof.server.errors import ApiError, response
from voxproof.server.settings import Settings
from voxproof.server.workers import Workers

JSON_BYTES = 1 << 20  # a text of 100,000 characters with its pronunciations fits


class Bodies:
    """Refuses with 413 what is too large, at its declared length or at the first byte too many; with 408 what comes too
    slowly; with 429 an upload when too many are coming in, or when the line is full anyway."""

    def __init__(self, app: ASGIApp, settings: Settings, workers: Workers) -> None:
        self.app = app
        self.settings = settings
        self.workers = workers
        self.open: set[_Body] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_upload = headers.get("content-type", "").lower().startswith("multipart/")
        has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        body = _Body(
            receive, self.settings, self.settings.upload_bytes if is_upload else JSON_BYTES, has_body, self.open
        )

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and not body.whole and not await body.drained():
                given = [pair for pair in message.get("headers", []) if pair[0].lower() != b"connection"]
                message["headers"] = [*given, (b"connection", b"close")]  # nobody reads the rest
            await send(message)

        try:
            body.check(headers.get("content-length"))
            if is_upload:
                self.workers.check_room()
                if len(self.open) >= self.settings.uploads:
                    raise ApiError(429, "too many uploads at once", "busy", headers={"Retry-After": "1"})
        except ApiError as refusal:
            await response(refusal)(scope, receive, sending)
            return
        if is_upload and not body.whole:
            self.open.add(body)
        try:
            await self.app(scope, body.receive, sending)
        finally:
            self.open.discard(body)


class _Body:
    """One body: `receive` counts what comes in."""

    def __init__(self, receive: Receive, settings: Settings, most: int, has_body: bool, open: "set[_Body]") -> None:
        self._receive = receive
        self._settings = settings
        self._most = most
        self._open = open
        self._refused = False
        self._count = 0
        self.whole = not has_body
        self._deadline = time.monotonic() + settings.upload_time

    def check(self, declared: str | None) -> None:
        """Refuse a length that is declared."""
        if declared is not None and declared.isdigit() and int(declared[:20]) > self._most:
            raise self._too_large()

    async def drained(self) -> bool:
        """Throw away what is still to come, unless the body was refused for itself; whether all of it came."""
        self._open.discard(self)
        self.whole = not self._refused and await drain(self._receive)
        return self.whole

    async def receive(self) -> Message:
        if self.whole:  # what comes now is an empty end, or that the client hangs up
            return await self._receive()
        left = min(self._settings.idle_time, self._deadline - time.monotonic())
        try:
            async with asyncio.timeout(max(left, 0.0)):
                message = await self._receive()
        except TimeoutError:
            self._refused = True
            raise ApiError(408, "the body of the request came too slowly", "too_slow") from None
        if message["type"] == "http.request":
            self._count += len(message.get("body", b""))
            self.whole = not message.get("more_body", False)
            if self.whole:
                self._open.discard(self)
            if self._count > self._most:
                raise self._too_large()
        return message

    def _too_large(self) -> ApiError:
        self._refused = True
        size = f"{self._most >> 20} MiB" if self._most >= 1 << 20 else f"{self._most} bytes"
        return ApiError(413, f"the request is too large: {size} are allowed", "too_large")
