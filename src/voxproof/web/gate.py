"""What of Gradio is let through, and with which headers.

Gradio brings routes that nothing here needs (a proxy, recordings of the screen, histories), and takes addresses where
it expects files. Only what the pages use is answered, no address is ever fetched, and the browser is told to ask
nobody but this server, whatever a page would have it do.
"""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from voxproof.server.errors import ApiError, response

# 'unsafe-eval': Gradio compiles templates of components in the browser.
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'none'; form-action 'self'; "
    "base-uri 'self'; object-src 'none'"
)
_OPEN = re.compile(
    r"/(assets/.*|static/.*|svelte/.*|theme\.css|favicon\.ico|manifest\.json|config|listen/[^/]*"
    r"|gradio_api/(startup-events|upload|upload_progress|queue/join|queue/data|heartbeat/[^/]*|cancel|reset|file=.*))/?"
)
_LIVE = re.compile(r"/live/[\w-]+")  # by which a microphone speaks
_TAKES_FILES = "/gradio_api/queue/join"
_UPLOAD = "/gradio_api/upload"
_FULL = 60  # seconds after which an upload may find room again


class Gate:
    """Stands before the pages at `paths`; everything else than them and what they load is answered with 404.

    `room` says whether there is room for an upload.
    """

    def __init__(self, app: ASGIApp, paths: frozenset[str], room: Callable[[], Awaitable[bool]]) -> None:
        self.app = app
        self.paths = paths
        self.room = room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        path = scope.get("path", "")
        if scope["type"] == "websocket" and _LIVE.fullmatch(path):
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http" or not (path in self.paths or _OPEN.fullmatch(path)):
            await _refuse(ApiError(404, "there is nothing at this address", "not_found"), scope, receive, send)
            return
        if path.rstrip("/") == _UPLOAD and not await self.room():
            refusal = ApiError(
                429,
                f"the server has no room for more uploads; try again in {_FULL} s",
                "full",
                headers={"Retry-After": str(_FULL)},
            )
            await _refuse(refusal, scope, receive, send)
            return
        if path.rstrip("/") == _TAKES_FILES:
            body = await _whole(receive)
            if _names_an_address(body):
                refusal = ApiError(400, "addresses are not fetched: upload the recording", "invalid_value")
                await _refuse(refusal, scope, receive, send)
                return
            receive = _again(body, receive)

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await self.app(scope, receive, send_with_policy)


async def _refuse(error: ApiError, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await response(error)(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1008, "reason": error.code or ""})


async def _whole(receive: Receive) -> bytes:
    """The body of a request, which the server holds within bounds."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    told = False

    async def receive_again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def _names_an_address(body: bytes) -> bool:
    """Whether a file in this JSON is none of ours, but an address."""
    try:
        return _has_address(json.loads(body))
    except (ValueError, RecursionError):
        return False  # Gradio refuses what is no JSON


def _has_address(value: Any) -> bool:
    if isinstance(value, dict):
        path = value.get("path")
        return (isinstance(path, str) and "://" in path) or any(_has_address(one) for one in value.values())
    return isinstance(value, list) and any(_has_address(one) for one in value)
