"""The sounds that makers start from: clips, and voices enrolled from several of them."""

import io
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from voxproof.audio import Audio, read_audio
from voxproof.audio.limits import MAX_BYTES
from voxproof.audio.stretch import cut, is_long, read_stretch
from voxproof.datasets.build.makers.base import RATE
from voxproof.datasets.build.references import SECONDS, Clip
from voxproof.errors import AudioError
from voxproof.places import Address, DeniedError, MissingError, fetched, place
from voxproof.provenance import Source
from voxproof.speakers import Voice, enroll_voice

_GAP = 0.2  # seconds between two clips of a reference
_VOICES = 64  # kept a process


@lru_cache(maxsize=1)
def _recording(path: str, in_parts: bool) -> Audio | None:
    """The whole, as rows that follow each other are often stretches of one; None if it is too long for that."""
    return None if in_parts and is_long(_source(path)) else read_audio(_source(path))


def read_clip(clip: Clip) -> Audio:
    """The clip at `RATE`, of a recording of any length; `AudioError` if it cannot be read or ends before the clip."""
    whole = _recording(clip.sound, bool(clip.start_s or clip.end_s))
    if whole is None:
        return read_stretch(_source(clip.sound), clip.start_s, clip.end_s, rate=RATE)
    return cut(whole, clip.start_s, clip.end_s, clip.sound).resampled(RATE)


def _source(sound: str) -> Any:
    """What the reader reads: a path, or what lies at an address as an open file."""
    where = place(sound)
    if not isinstance(where, Address):
        return where
    found = io.BytesIO(_fetched(where))
    found.name = where.shown
    return found


@lru_cache(maxsize=1)
def _fetched(address: Address) -> bytes:
    """At most what the reader takes. An address that does not answer is no fault of the clip."""
    try:
        data = fetched(address, MAX_BYTES)
    except (MissingError, DeniedError) as reason:
        raise AudioError(str(reason)) from None
    if len(data) > MAX_BYTES:
        raise AudioError(f"{address.shown}: more than {MAX_BYTES >> 20} MiB; bring it to this computer, or cut it")
    return data


def joined(clips: tuple[Clip, ...]) -> Audio:
    """The clips behind each other with short gaps, up to 30 s."""
    pieces = []
    for clip in clips:
        pieces += [read_clip(clip).samples, np.zeros(round(_GAP * RATE), np.float32)]
    return Audio(np.concatenate(pieces[:-1])[: round(SECONDS * RATE)], RATE)


@lru_cache(maxsize=_VOICES)
def voice_of(clips: tuple[Clip, ...]) -> tuple[Voice, Source]:
    """The voice that speaks in the clips, and the recording that it is from as a manifest names it."""
    reference = joined(clips)
    name = Path(clips[0].sound).name
    return enroll_voice([reference], "reference"), Source.of(reference, "reference", name)
