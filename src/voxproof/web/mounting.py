"""The pages on a server: made once its models are loaded, so that they keep nobody waiting who needs none."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from typing import cast

from fastapi import FastAPI
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from voxproof.server.logs import log
from voxproof.server.scratch import Scratch
from voxproof.server.settings import Settings
from voxproof.server.state import State
from voxproof.web.desk import Desk
from voxproof.web.gate import Gate
from voxproof.web.listening import PATH
from voxproof.web.names import paths
from voxproof.web.sessions import PATH as LIVE

_LOOK = 0.05  # seconds between two looks whether the models are loaded


def installed() -> bool:
    """Whether what the pages need is there."""
    return find_spec("gradio") is not None


def mount(app: FastAPI, settings: Settings) -> Callable[[], None]:
    """Put the pages at `/`, below all other routes. Uploads and results lie in a folder that ends with the server.

    What is given back lets go of the connections that open pages hold, for which a server that ends would wait.
    """
    pages = _Pages()
    app.mount("/", Gate(pages, paths(settings.features), pages.room))
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(outer: FastAPI) -> AsyncIterator[None]:
        async with before(outer):
            scratch = Scratch(settings.folder)
            desk = Desk(settings, lambda: cast(State, app.state.shared), scratch.folder)
            pages.desk = desk
            tasks = [asyncio.create_task(pages.live(desk)), asyncio.create_task(desk.tidy())]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)
                scratch.close()

    app.router.lifespan_context = lifespan
    return pages.let_go


class _Pages:
    """Gradio's application, as soon as there is one; who comes earlier waits."""

    def __init__(self) -> None:
        self.desk: Desk | None = None
        self._app: FastAPI | None = None
        self._made = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        await self._made.wait()
        assert self._app is not None
        await self._app(scope, receive, send)

    async def room(self) -> bool:
        """Whether there is room for one more upload."""
        return self.desk is not None and await self.desk.room()

    def let_go(self) -> None:
        """End the connections by which Gradio sees that a page is open."""
        for route in self._app.routes if self._app is not None else ():
            if isinstance(route, Mount) and hasattr(route.app, "stop_event"):
                route.app.stop_event.set()

    async def live(self, desk: Desk) -> None:
        """Make the pages, and keep what runs behind them alive until this is cancelled."""
        while any(state is False for state in desk.state_of().models.ready.values()):
            await asyncio.sleep(_LOOK)
        try:
            inner = await asyncio.to_thread(_built, desk)
        except Exception as mistake:  # the API works without them
            log.error("mistake", exc_info=mistake, extra={"facts": {"pages": False}})
            raise
        with suppress(asyncio.CancelledError):
            async with inner.router.lifespan_context(inner):
                self._app = inner
                self._made.set()
                log.info("pages")
                await asyncio.Event().wait()


def _built(desk: Desk) -> FastAPI:
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_TEMP_DIR"] = str(desk.folder)
    import gradio

    from voxproof.web.site import site
    from voxproof.web.style import CSS, theme

    inner = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    inner.add_route(f"{PATH}/{{number}}", desk.listening.answer)
    inner.add_api_websocket_route(f"{LIVE}/{{number}}", desk.sessions.answer)
    gradio.mount_gradio_app(
        inner,
        site(desk),
        path="/",
        theme=theme(),
        css=CSS,
        footer_links=[],
        show_error=False,
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        max_file_size=desk.settings.upload_bytes,
    )
    return inner
