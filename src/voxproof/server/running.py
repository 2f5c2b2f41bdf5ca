"""A server from its start to its end."""

import socket
import tempfile
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from voxproof.server.application import application
from voxproof.server.logs import write_json_lines
from voxproof.server.settings import Settings

GRACE = 20  # seconds that requests have to end when the server is asked to stop
_BACKLOG = 256
Extend = Callable[[FastAPI, Settings], Callable[[], None]]


def run(
    settings: Settings,
    host: str,
    port: int,
    listening: Callable[[str], None],
    extend: Extend | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM: then no new connection is taken, and what is being answered is finished.

    `listening` is told the server's address once it takes connections; models may still be loading then. `extend` puts
    more on the application before that, and gives back what is called when the server begins to end.
    """
    if settings.folder is not None:
        tempfile.tempdir = str(settings.folder)  # uploads go there too
    write_json_lines()
    app = application(settings)
    ending = extend(app, settings) if extend is not None else None
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        backlog=_BACKLOG,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=GRACE,
        ws_max_size=2 << 20,
        ws_max_queue=4,
        h11_max_incomplete_event_size=64 << 10,
    )
    _Server(config, listening, ending).run()


class _Server(uvicorn.Server):
    """Says where it listens (the port may have been chosen by the operating system), and when it begins to end."""

    def __init__(
        self, config: uvicorn.Config, listening: Callable[[str], None], ending: Callable[[], None] | None
    ) -> None:
        super().__init__(config)
        self._listening = listening
        self._ending = ending

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn, which waits here for connections that are open."""
        if self._ending is not None:
            self._ending()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn."""
        await super().startup(sockets)
        if not self.should_exit:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._listening(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
