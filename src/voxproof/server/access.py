"""Who may ask: the token, the name by which the server is called, and the page that calls it.

A page of any site can make a browser send a form to a server on the same computer, and a name that points there now
(DNS rebinding) lets it read the answer. So a server for this computer alone answers to its own names only, and takes
nothing from pages of others unless they are allowed.
"""

import base64
import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from voxproof.server.draining import drain
from voxproof.server.errors import ApiError, response
from voxproof.server.settings import Settings

OPEN = ("/health", "/ready")  # for whoever watches over the server
SUBPROTOCOL = "bearer."  # a browser cannot send a header with a WebSocket, but a subprotocol: bearer.TOKEN
_POLICY_VIOLATION = 1008


class Access:
    """Answers 401 or 403 before a body is read; a WebSocket is closed."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.token = settings.token
        self.hosts = settings.hosts
        self.origins = settings.origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": refusal.code or ""})
        else:
            await drain(receive)
            await response(refusal)(scope, receive, send)

    def _refusal(self, scope: Scope) -> ApiError | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self.hosts and _name(host) not in self.hosts:
            return ApiError(403, "this server is not known by that name (--allow-host)", "unknown_host", hangs_up=True)
        origin = headers.get("origin")
        if origin is not None and origin not in self.origins and urlsplit(origin).netloc != host:
            return ApiError(403, "this page may not use the server (--origin)", "unknown_origin", hangs_up=True)
        if self.token is None or scope["path"] in OPEN:
            return None
        if hmac.compare_digest(_given_token(headers).encode("utf-8", "replace"), self.token.encode()):
            return None
        # A browser that is shown a page asks its user, and sends what it is told with all that follows.
        is_page = scope["type"] == "http" and "text/html" in headers.get("accept", "")
        return ApiError(
            401,
            "the token is missing or wrong: send it as 'Authorization: Bearer TOKEN', or as a password without a name",
            "invalid_api_key",
            headers={"WWW-Authenticate": 'Basic realm="Voxproof: the token is the password"' if is_page else "Bearer"},
            hangs_up=True,
        )


def _name(host: str) -> str:
    """The host without its port."""
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return name.lower()


def _given_token(headers: Headers) -> str:
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token.strip()
    if kind.lower() == "basic":
        return _password(token)
    for protocol in headers.get("sec-websocket-protocol", "").split(","):
        if protocol.strip().startswith(SUBPROTOCOL):
            return protocol.strip()[len(SUBPROTOCOL) :]
    return ""


def _password(given: str) -> str:
    """The password of Basic authentication; its name may be anything."""
    try:
        return base64.b64decode(given.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
