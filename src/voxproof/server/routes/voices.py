"""`/v1/audio/voices`: the voices that were enrolled, the same that `voxproof voices` shows."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Request, UploadFile
from fastapi.concurrency import run_in_threadpool

import voxproof
from voxproof.provenance import consent_note
from voxproof.server.errors import ApiError, documented
from voxproof.server.patience import while_wanted
from voxproof.server.schemas import Deleted, Name, VoiceChange, VoiceEntry, VoiceList
from voxproof.server.state import Shared, State
from voxproof.server.uploads import Recording, check_count
from voxproof.speakers import Voice, delete_voice, list_voices, load_voice, rename_voice, save_voice, voice_path
from voxproof.speakers.voice import MAX_NAME

router = APIRouter(prefix="/v1/audio/voices", tags=["Voices"])
VoiceName = Annotated[str, Path(max_length=MAX_NAME, description="The name of an enrolled voice.", examples=["me"])]


@router.get("", response_description="The voices.", responses=documented())
async def list_all() -> VoiceList:
    """List the enrolled voices."""
    found = await run_in_threadpool(list_voices)
    return VoiceList(data=[_entry(stored.voice) for stored in found if stored.voice is not None])


@router.post("", response_description="The voice.", responses=documented(408, 409, 413, 429, 503))
async def enroll(
    request: Request,
    shared: Shared,
    name: Annotated[Name, Form(description="What the voice is called from now on.")],
    consent: Annotated[str, Form(min_length=1, max_length=2000, description="Who agreed to what.")],
    audio_sample: Annotated[
        list[UploadFile], File(description="One or more recordings of one person who speaks; ten seconds are enough.")
    ],
    replace: Annotated[bool, Form(description="Replace a voice of that name.")] = False,
) -> VoiceEntry:
    """Enrol a voice from recordings, with a note of the speaker's consent.

    The note is kept in the voice and in every manifest of what is made with it; it cannot be checked.
    """
    check_count(audio_sample, shared.settings.files, "audio_sample")
    consent_note(consent)
    if await run_in_threadpool(voice_path(name).exists) and not replace:
        raise _taken(name)
    shared.models.check("speech" if "speech" in shared.settings.features else "conversions")
    with shared.workers.admitted():
        voice = await while_wanted(
            request, shared.settings.time_limit, _enrolled(shared, name, consent, audio_sample, replace)
        )
    return _entry(voice)


@router.get("/{name}", response_description="The voice.", responses=documented(404))
async def show(name: VoiceName) -> VoiceEntry:
    """Show what is known of a voice."""
    return _entry(await run_in_threadpool(voice_named, name))


@router.patch("/{name}", response_description="The voice under its new name.", responses=documented(404, 409))
async def rename(name: VoiceName, change: VoiceChange) -> VoiceEntry:
    """Give a voice another name."""
    await run_in_threadpool(voice_named, name)
    if voice_path(change.name).exists():
        raise _taken(change.name)
    await run_in_threadpool(rename_voice, name, change.name)
    return _entry(await run_in_threadpool(voice_named, change.name))


@router.delete("/{name}", response_description="It is gone.", responses=documented(404))
async def delete(name: VoiceName) -> Deleted:
    """Delete a voice for good."""
    if not voice_path(name).is_file():
        raise _missing(name)
    await run_in_threadpool(delete_voice, name)
    return Deleted(object="audio.voice.deleted", id=name)


def voice_named(name: str) -> Voice:
    """The enrolled voice of that name, never a file of another folder; the error 404 if there is none."""
    if not voice_path(name).is_file():
        raise _missing(name)
    return load_voice(name)


async def _enrolled(shared: State, name: str, consent: str, samples: list[UploadFile], replace: bool) -> Voice:
    heard = [(await shared.workers.step(partial(Recording.of(one).sound, shared.decoder)))[0] for one in samples]

    def listen() -> Voice:
        voice = voxproof.enroll(*heard, name=name, consent=consent)
        save_voice(voice, replace_old=replace)
        return voice

    return await shared.workers.step(listen)


def _missing(name: str) -> ApiError:
    return ApiError(404, f"no voice is called {name!r}; enrol it first (POST /v1/audio/voices)", "voice_not_found")


def _taken(name: str) -> ApiError:
    return ApiError(409, f"there is a voice called {name!r} already: choose another name", "voice_exists", param="name")


def _entry(voice: Voice) -> VoiceEntry:
    path = voice_path(voice.name)
    return VoiceEntry(
        id=voice.name,
        name=voice.name,
        created_at=int(path.stat().st_mtime) if path.exists() else 0,
        seconds=voice.seconds,
        f0=voice.f0,
        encoder=voice.encoder,
        notes=list(voice.notes),
        consent=dict(voice.consent) if voice.consent is not None else None,
    )
