"""`/health`, `/ready`, `/metrics`: for whoever watches over the server."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

import voxproof
from voxproof.server import metrics
from voxproof.server.schemas import Health, Readiness
from voxproof.server.state import Shared

router = APIRouter(tags=["Watching over it"])


@router.get("/health", response_model=Health, response_description="It is alive.")
async def health() -> Health:
    """Say that the process is alive. Needs no token."""
    return Health(version=voxproof.__version__)


@router.get(
    "/ready",
    response_model=Readiness,
    response_description="All models are loaded.",
    responses={503: {"model": Readiness, "description": "Not yet."}},
)
async def ready(shared: Shared) -> Response:
    """Say whether all models are loaded: 200 when they are, else 503. Needs no token."""
    body = Readiness(ready=shared.models.all_ready, features=shared.models.ready)
    return JSONResponse(body.model_dump(), 200 if body.ready else 503)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {metrics.CONTENT_TYPE: {"schema": {"type": "string"}}}, "description": "Figures."}},
)
async def figures(shared: Shared) -> Response:
    """Give figures in Prometheus' text format: requests, times, the line, verdicts, jobs, memory."""
    return Response(shared.metrics.text(), media_type=metrics.CONTENT_TYPE)
