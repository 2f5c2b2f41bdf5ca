"""A server from its start to its end."""

import os
import tempfile

import uvicorn

from voxproof.server.application import application
from voxproof.server.logs import write_json_lines
from voxproof.server.settings import Settings

GRACE = 20  # seconds that requests have to end when the server is asked to stop
_BACKLOG = 256
_THREADS = "VOXPROOF_THREADS"


def run(settings: Settings, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM: then no new connection is taken, and what is being answered is finished."""
    share_cores(settings.workers)
    if settings.folder is not None:
        tempfile.tempdir = str(settings.folder)  # uploads go there too
    write_json_lines()
    config = uvicorn.Config(
        application(settings),
        host=host,
        port=port,
        backlog=_BACKLOG,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=GRACE,
        ws_max_size=2 << 20,
        h11_max_incomplete_event_size=64 << 10,
    )
    uvicorn.Server(config).run()


def share_cores(workers: int) -> None:
    """Let each worker's models use its share of the cores, unless the user has said how many."""
    os.environ.setdefault(_THREADS, str(max(1, cores() // workers)))


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
