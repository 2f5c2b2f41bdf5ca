"""`POST /v1/audio/detections`: real, or made by a machine?"""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import JSONResponse

from voxproof.server.errors import ApiError, documented
from voxproof.server.judging import judged
from voxproof.server.models import detector_named
from voxproof.server.patience import while_wanted
from voxproof.server.schemas import DetectionList
from voxproof.server.state import Shared
from voxproof.server.uploads import Recording, check_count

router = APIRouter(prefix="/v1/audio/detections", tags=["Detections"])
Files = Annotated[list[UploadFile], File(description="Recordings: WAV, FLAC, MP3, Ogg, Opus, M4A or WebM.")]
ModelName = Annotated[str | None, Form(max_length=64, description="A detector's name; the default one if not given.")]
Explain = Annotated[bool, Form(description="Say what moved the score; takes ten times as long.")]


@router.post(
    "",
    response_model=DetectionList,
    response_description="The verdicts.",
    responses=documented(404, 408, 413, 429, 503),
)
async def detect(
    request: Request, shared: Shared, file: Files, model: ModelName = None, explain: Explain = False
) -> JSONResponse:
    """Tell whether recordings are real voices or synthetic, by their sound, watermark and manifest.

    Each entry is what `voxproof detect --json` prints of a recording. One that cannot be read has an `error` in the
    place of a verdict; if none can be read, the answer is 400 with the first reason.
    """
    check_count(file, shared.settings.files, "file")
    detector = detector_named(model)
    shared.models.check("detections")

    async def judge() -> list[dict[str, Any]]:
        hear = partial(judged, decoder=shared.decoder, metrics=shared.metrics, model=detector, explain=explain)
        return [await shared.workers.step(partial(hear, Recording.of(one))) for one in file]

    with shared.workers.admitted():
        entries = await while_wanted(request, shared.settings.time_limit, judge())
    if all("error" in entry for entry in entries):
        raise ApiError(400, entries[0]["error"], "invalid_audio", param="file")
    return JSONResponse({"object": "list", "data": entries})
