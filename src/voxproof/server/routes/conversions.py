"""`POST /v1/audio/conversions`: a recording, said again in an enrolled voice."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

import voxproof
from voxproof.audio import Audio
from voxproof.audio.encoding import StreamEncoder
from voxproof.provenance import Manifest, write_marked
from voxproof.server.errors import documented
from voxproof.server.patience import while_wanted
from voxproof.server.routes.speech import SOUND
from voxproof.server.routes.voices import voice_named
from voxproof.server.schemas import MEDIA_TYPES, Format, Name, Seed
from voxproof.server.state import Shared, State
from voxproof.server.uploads import Recording
from voxproof.speakers import Voice

router = APIRouter(prefix="/v1/audio/conversions", tags=["Conversions"])


@dataclass(frozen=True)
class Asked:
    """A recording and the voice in which it is to be said, as a form says it."""

    file: UploadFile
    voice: Voice
    format: Format
    seed: int
    consent: str | None


async def _asked(
    shared: Shared,
    file: Annotated[UploadFile, File(description="The recording whose words are said again.")],
    voice: Annotated[Name, Form(description="The name of an enrolled voice.")],
    response_format: Annotated[Format, Form()] = "wav",
    seed: Annotated[Seed, Form()] = 0,
    consent: Annotated[str | None, Form(min_length=1, max_length=2000)] = None,
) -> Asked:
    """The form with its voice. The error 404 says which voice there is not, 503 that models are missing."""
    target = await run_in_threadpool(voice_named, voice)
    shared.models.check("conversions")
    return Asked(file, target, response_format, seed, consent)


ConversionForm = Annotated[Asked, Depends(_asked)]


@router.post("", response_class=Response, responses={**SOUND, **documented(404, 408, 413, 429, 503)})
async def convert(request: Request, shared: Shared, asked: ConversionForm) -> Response:
    """Say a recording again in somebody else's voice; timing and melody stay.

    The sound carries Voxproof's watermark, and its file a manifest in its comment tag (`pcm` has no room for one).
    """

    async def make() -> bytes:
        made = await shared.workers.step(lambda: converted(shared, Recording.of(asked.file), asked))
        return await shared.workers.step(lambda: encoded(shared.scratch.folder, made, asked.format))

    with shared.workers.admitted():
        data = await while_wanted(request, shared.settings.time_limit, make())
    return Response(data, media_type=MEDIA_TYPES[asked.format])


def converted(shared: State, recording: Recording, asked: Asked) -> Audio:
    """The recording in the voice that is asked for, sealed. Called on a worker."""
    audio, _ = recording.sound(shared.decoder)
    made = voxproof.convert(audio, asked.voice, seed=asked.seed, consent=asked.consent)
    shared.metrics.made.labels("conversion").inc(made.duration)
    return made


def encoded(folder: Path, audio: Audio, format: Format) -> bytes:
    """Sealed sound as a file whose mark has been read back. Called on a worker; nothing stays in `folder`."""
    if format == "pcm":
        encoder = StreamEncoder("pcm", audio.rate)
        return encoder.add(audio) + encoder.end()
    path = folder / f"{secrets.token_hex(8)}.{format}"
    try:
        write_marked(path, audio, Manifest.model_validate(audio.manifest))
        return path.read_bytes()
    finally:
        path.unlink(missing_ok=True)
        path.with_name(f"{path.name}.json").unlink(missing_ok=True)
