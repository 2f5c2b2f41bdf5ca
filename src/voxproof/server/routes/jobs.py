"""`/v1/jobs`: the same work without holding a connection open; progress, cancelling, results."""

import json
from contextlib import ExitStack, closing
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import FileResponse

from voxproof.provenance import Manifest, write_marked
from voxproof.server.errors import ApiError, documented
from voxproof.server.jobs import Job
from voxproof.server.judging import judged
from voxproof.server.models import detector_named
from voxproof.server.notes import collected
from voxproof.server.routes.conversions import ConversionForm, converted
from voxproof.server.routes.detections import Explain, Files, ModelName
from voxproof.server.routes.speech import SOUND, asked
from voxproof.server.schemas import MEDIA_TYPES, Deleted, JobEntry, SpeechRequest
from voxproof.server.speaking import Speaking
from voxproof.server.state import Shared
from voxproof.server.uploads import Recording, check_count
from voxproof.server.workers import PATIENT

router = APIRouter(prefix="/v1/jobs", tags=["Jobs"])
JobId = Annotated[str, Path(max_length=64, description="The number of a job.")]


@router.post(
    "/speech", status_code=202, response_description="The job has begun.", responses=documented(404, 408, 413, 429, 503)
)
async def speech(shared: Shared, wanted: SpeechRequest) -> JobEntry:
    """Say a long text (100,000 characters) in an enrolled voice. The result is a file of `response_format`, whatever
    `stream_format` says.
    """
    speaking = Speaking(await asked(wanted))
    shared.models.check("speech")

    async def work(job: Job) -> None:
        path = job.folder / f"speech.{wanted.response_format}"
        job.media_type = MEDIA_TYPES[wanted.response_format]
        with collected() as job.notes, path.open("wb") as out:
            while (piece := await shared.workers.step(speaking.next, patience=PATIENT)) is not None:
                out.write(piece)
                job.step()
            out.write(speaking.end())
        job.manifest = job.folder / "manifest.json"
        job.manifest.write_text(json.dumps(speaking.manifest, indent=2, ensure_ascii=False), encoding="utf-8")
        job.total, job.result = job.done, path
        shared.metrics.made.labels("speech").inc(speaking.seconds)

    return _entry(shared.jobs.start("speech", work))


@router.post(
    "/conversions",
    status_code=202,
    response_description="The job has begun.",
    responses=documented(404, 408, 413, 429, 503),
)
async def conversion(shared: Shared, wanted: ConversionForm) -> JobEntry:
    """Say a recording again in somebody else's voice. The result is a file of `response_format`, which is not `pcm`."""
    shared.jobs.check_room()
    if wanted.format == "pcm":
        raise ApiError(400, "response_format: a job writes files, and pcm is none", "invalid_value")
    recording = Recording.kept(wanted.file)

    async def work(job: Job) -> None:
        path = job.folder / f"conversion.{wanted.format}"
        with closing(recording), collected() as job.notes:
            made = await shared.workers.step(lambda: converted(shared, recording, wanted), patience=PATIENT)
        await shared.workers.step(
            lambda: write_marked(path, made, Manifest.model_validate(made.manifest)), patience=PATIENT
        )
        job.media_type = MEDIA_TYPES[wanted.format]
        job.result, job.manifest = path, path.with_name(f"{path.name}.json")
        job.step()

    return _entry(shared.jobs.start("conversion", work, total=1))


@router.post(
    "/detections",
    status_code=202,
    response_description="The job has begun.",
    responses=documented(404, 408, 413, 429, 503),
)
async def detections(shared: Shared, file: Files, model: ModelName = None, explain: Explain = False) -> JobEntry:
    """Judge recordings. The result is the JSON of `/v1/audio/detections`, with an `error` for what cannot be read."""
    check_count(file, shared.settings.files, "file")
    detector = detector_named(model)
    shared.models.check("detections")
    shared.jobs.check_room()
    recordings = [Recording.kept(one) for one in file]

    async def work(job: Job) -> None:
        entries = []
        hear = partial(judged, decoder=shared.decoder, metrics=shared.metrics, model=detector, explain=explain)
        with ExitStack() as open_files:
            for one in recordings:
                open_files.callback(one.close)
            for one in recordings:
                entries.append(await shared.workers.step(partial(hear, one), patience=PATIENT))
                job.step()
        job.result = job.folder / "detections.json"
        job.result.write_text(json.dumps({"object": "list", "data": entries}, ensure_ascii=False), encoding="utf-8")

    return _entry(shared.jobs.start("detections", work, total=len(file)))


@router.get("/{id}", response_description="The job as it stands.", responses=documented(404))
async def show(shared: Shared, id: JobId) -> JobEntry:
    """Show how far a job is."""
    return _entry(shared.jobs.get(id))


@router.post("/{id}/cancel", response_description="The job as it stands.", responses=documented(404))
async def cancel(shared: Shared, id: JobId) -> JobEntry:
    """Stop a job. One that has ended stays as it is."""
    return _entry(await shared.jobs.cancel(id))


@router.delete("/{id}", response_description="It is gone.", responses=documented(404))
async def delete(shared: Shared, id: JobId) -> Deleted:
    """Stop a job and take away what it made."""
    await shared.jobs.delete(id)
    return Deleted(object="job.deleted", id=id)


@router.get("/{id}/result", response_class=Response, responses={**SOUND, **documented(404, 409)})
async def result(shared: Shared, id: JobId) -> Response:
    """Fetch what a job made: sound, or the JSON of detections. It is kept for an hour."""
    job = _succeeded(shared.jobs.get(id))
    assert job.result is not None
    return FileResponse(job.result, media_type=job.media_type)


@router.get(
    "/{id}/manifest", response_class=Response, response_description="The manifest.", responses=documented(404, 409)
)
async def manifest(shared: Shared, id: JobId) -> Response:
    """Fetch the manifest of the sound that a job made."""
    job = _succeeded(shared.jobs.get(id))
    if job.manifest is None:
        raise ApiError(404, "this job made no sound, so it has no manifest", "no_manifest")
    return FileResponse(job.manifest, media_type="application/json")


def _succeeded(job: Job) -> Job:
    if job.status != "succeeded":
        why = f" ({job.error})" if job.error else ""
        raise ApiError(409, f"this job is {job.status}{why}, so there is no result", "no_result")
    return job


def _entry(job: Job) -> JobEntry:
    return JobEntry.model_validate(
        {
            "id": job.id,
            "kind": job.kind,
            "status": job.status,
            "created_at": int(job.created),
            "done": job.done,
            "total": job.total,
            "error": job.error,
            "notes": job.notes,
        }
    )
