"""`/v1/models`: the names that a client may give as `model`, in the form of OpenAI's API."""

from fastapi import APIRouter

from voxproof.server.errors import ApiError, documented
from voxproof.server.models import names
from voxproof.server.schemas import ModelEntry, ModelList
from voxproof.server.state import Shared

router = APIRouter(prefix="/v1/models", tags=["Models"])


@router.get("", response_description="The models.", responses=documented())
async def list_all(shared: Shared) -> ModelList:
    """List the models for speech and for detection."""
    return ModelList(data=[ModelEntry(id=name) for name in names(shared.settings)])


@router.get("/{name}", response_description="The model.", responses=documented(404))
async def show(shared: Shared, name: str) -> ModelEntry:
    """Show one of them."""
    known = names(shared.settings)
    if name not in known:
        raise ApiError(404, f"there is no model of that name; there are {', '.join(known)}", "model_not_found")
    return ModelEntry(id=name)
