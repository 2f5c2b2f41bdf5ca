"""What all requests of a server share."""

from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from voxproof.audio.decoder_process import DecoderProcess
from voxproof.server.jobs import Jobs
from voxproof.server.metrics import Metrics
from voxproof.server.models import Models
from voxproof.server.scratch import Scratch
from voxproof.server.settings import Settings
from voxproof.server.workers import Workers


@dataclass(frozen=True)
class State:
    """One of each; made before the first request, closed after the last."""

    settings: Settings
    workers: Workers
    models: Models
    decoder: DecoderProcess
    scratch: Scratch
    jobs: Jobs
    metrics: Metrics
    calls: set[WebSocket] = field(default_factory=set)


def _state_of(connection: HTTPConnection) -> State:
    return cast(State, connection.app.state.shared)


Shared = Annotated[State, Depends(_state_of)]
