"""What every request leaves behind: a line in the log, figures, and an answer whatever goes wrong."""

import secrets
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from voxproof.server.errors import ApiError, response
from voxproof.server.logs import log
from voxproof.server.metrics import Metrics

CUT = "cut"  # the status, in log and metrics, of an answer that ended before it was whole


class Observing:
    """The outermost layer. Errors that nobody foresaw are answered with 500 and logged without their message."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        seen = _Seen(receive, send)
        started = time.perf_counter()
        try:
            await self.app(scope, seen.receive, seen.send)
        except Exception as mistake:
            self._answer_for(mistake, seen)
            if scope["type"] == "http" and seen.status is None:
                said = f"a mistake in Voxproof itself; the log has more under {seen.number}"
                await response(ApiError(500, said, "internal_error"))(scope, seen.receive, seen.send)
        finally:
            self._note(scope, seen, time.perf_counter() - started)

    def _answer_for(self, mistake: Exception, seen: "_Seen") -> None:
        if isinstance(mistake, TimeoutError | ConnectionError) and seen.status is not None:
            return  # the answer was not taken in time: the line on the request says that it was cut
        log.error("mistake", exc_info=mistake, extra={"facts": {"id": seen.number}})

    def _note(self, scope: Scope, seen: "_Seen", seconds: float) -> None:
        method = scope.get("method", "WEBSOCKET")
        # The route's own path, not the one that was asked for: names of voices stand in that.
        route = getattr(scope.get("route"), "path", "none")
        status = str(seen.status) if seen.whole or seen.status is None else CUT
        if scope["type"] == "websocket":
            status = "101" if seen.accepted else "403"
        self.metrics.requests.labels(method, route, status).inc()
        self.metrics.seconds.labels(method, route).observe(seconds)
        self.metrics.received.inc(seen.received)
        self.metrics.sent.inc(seen.sent)
        facts = {
            "id": seen.number,
            "method": method,
            "route": route,
            "status": status,
            "ms": round(1000 * seconds, 1),
            "received": seen.received,
            "sent": seen.sent,
        }
        log.info("request", extra={"facts": facts})


class _Seen:
    """What goes through of one request."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.number = secrets.token_hex(6)
        self.status: int | None = None
        self.accepted = False
        self.whole = False
        self.received = 0
        self.sent = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self.received += len(message.get("body") or message.get("bytes") or b"")
        return message

    async def send(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", []), (b"x-request-id", self.number.encode())]
        elif kind == "http.response.body":
            self.sent += len(message.get("body", b""))
            self.whole = not message.get("more_body", False)
        elif kind == "websocket.accept":
            self.accepted = True
        elif kind == "websocket.send":
            self.sent += len(message.get("text") or "") + len(message.get("bytes") or b"")
        await self._send(message)
