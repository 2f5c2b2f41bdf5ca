"""The sounds that makers start from: clips, and voices enrolled from several of them."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from voxproof.audio import Audio, read_audio
from voxproof.datasets.build.makers.base import RATE
from voxproof.datasets.build.references import SECONDS, Clip
from voxproof.errors import AudioError
from voxproof.provenance import Source
from voxproof.speakers import Voice, enroll_voice

_GAP = 0.2  # seconds between two clips of a reference
_VOICES = 64  # kept a process


@lru_cache(maxsize=1)
def _recording(path: str) -> Audio:
    """Rows that follow each other are often stretches of one recording."""
    return read_audio(path)


def read_clip(clip: Clip) -> Audio:
    """The clip at `RATE`; `AudioError` if its file cannot be read or ends before it begins."""
    whole = _recording(clip.sound)
    if not (clip.start_s or clip.end_s):
        return whole.resampled(RATE)
    end = round(clip.end_s * whole.rate) if clip.end_s else len(whole.samples)
    samples = whole.samples[round(clip.start_s * whole.rate) : end]
    if len(samples) == 0:
        raise AudioError(f"{clip.sound}: it ends at {whole.duration:.2f} s, before {clip.start_s:.2f} s")
    return Audio(samples, whole.rate).resampled(RATE)


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
