"""The application: its layers, its routes, what it opens and closes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

import voxproof
from voxproof.audio.decoder_process import DecoderProcess
from voxproof.server import errors
from voxproof.server.access import Access
from voxproof.server.bodies import Bodies
from voxproof.server.jobs import Jobs
from voxproof.server.logs import log
from voxproof.server.metrics import Metrics
from voxproof.server.models import Models
from voxproof.server.notes import listen
from voxproof.server.observing import Observing
from voxproof.server.routes import (
    catalogue,
    conversions,
    detections,
    health,
    jobs,
    live,
    live_conversions,
    speech,
    voices,
)
from voxproof.server.scratch import Scratch
from voxproof.server.settings import Settings
from voxproof.server.state import State
from voxproof.server.workers import Workers

_ABOUT = """Clones voices, marks whatever it makes, and tells made speech from real.

Errors have the shape of OpenAI's API: `{"error": {"message", "type", "param", "code"}}`, the message being one line.
Nothing that a client names is ever fetched: sound is uploaded. Where a token is set, send
`Authorization: Bearer TOKEN`.
"""


def application(settings: Settings) -> FastAPI:
    """The ASGI application of a server with these settings; it loads its models when it is started."""
    metrics = Metrics()
    workers = Workers(settings.workers, settings.waiting)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        listen()
        scratch = Scratch(settings.folder)
        decoder = DecoderProcess()
        models = Models(settings)
        state = State(settings, workers, models, decoder, scratch, Jobs(scratch.folder, settings, metrics), metrics)
        app.state.shared = state
        _watch(state)
        log.info("started", extra={"facts": {"workers": settings.workers, "swept_folders": scratch.swept}})
        decoder.start()
        loading = asyncio.ensure_future(workers.step(models.load))
        try:
            yield
        finally:
            loading.cancel()
            await state.jobs.close()
            workers.close()
            decoder.close()
            scratch.close()
            log.info("stopped")

    app = FastAPI(
        title="Voxproof",
        version=voxproof.__version__,
        description=_ABOUT,
        lifespan=lifespan,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url="/openapi.json",
        docs_url=None,  # their pages fetch scripts from other hosts
        redoc_url=None,
    )
    errors.install(app)
    # The last one that is added is the outermost.
    app.add_middleware(Bodies, settings=settings, workers=workers)
    app.add_middleware(Access, settings=settings)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["*"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Voxproof-Notes", "Voxproof-Mark", "Retry-After", "X-Request-Id"],
        )
    app.add_middleware(Observing, metrics=metrics)
    app.include_router(health.router)
    _include_features(app, settings)
    _without_422(app)
    return app


def _include_features(app: FastAPI, settings: Settings) -> None:
    if "detections" in settings.features:
        app.include_router(detections.router)
        app.include_router(live.router)
    if "speech" in settings.features:
        app.include_router(speech.router)
    if "conversions" in settings.features:
        app.include_router(conversions.router)
        app.include_router(live_conversions.router)
    if settings.features & {"speech", "conversions"}:
        app.include_router(voices.router)
    app.include_router(catalogue.router)
    app.include_router(jobs.router)


def _without_422(app: FastAPI) -> None:
    """Wrong values are answered with 400 here: take FastAPI's own 422 out of the schema."""
    made = app.openapi

    def openapi() -> dict[str, object]:
        schema = made()
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            schema["components"]["schemas"].pop(name, None)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def _watch(state: State) -> None:
    watch, workers = state.metrics.watch, state.workers
    watch("requests_inside", "Requests that are worked on or wait.", lambda: workers.inside)
    watch("workers_busy", "Workers that work.", lambda: workers.busy)
    watch("steps_waiting", "Steps of requests and jobs that wait for a worker.", lambda: workers.waiting)
    watch("jobs_unfinished", "Jobs that wait or run.", lambda: state.jobs.unfinished)
    watch("ready", "1 when all models are loaded.", lambda: float(state.models.all_ready))
