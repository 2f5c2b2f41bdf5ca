"""A stretch of a recording: of one that lasts hours, too, which the reader would refuse as a whole.

WAV, FLAC, SPHERE and Ogg Vorbis are sought in: a stretch costs what it lasts. MP3, M4A, WebM and Opus keep a state from
packet to packet, so they are decoded from the start of the file and what comes before the stretch is thrown away block
by block; a stretch near the end of an hour takes seconds then (turn such recordings into FLAC first), but no more
memory. Either way the samples are those that lie there when the whole file is decoded.
"""

import math
import os
from typing import BinaryIO, TypeAlias

from voxproof.audio.header import read_header
from voxproof.audio.limits import MAX_BYTES, MAX_SECONDS
from voxproof.audio.reading import decode, scaled
from voxproof.audio.sound import Audio
from voxproof.audio.span import Span
from voxproof.errors import AudioError

Encoded: TypeAlias = str | os.PathLike[str] | bytes | BinaryIO


def read_stretch(source: Encoded, start_s: float = 0.0, end_s: float = 0.0, *, rate: int | None = None) -> Audio:
    """From `start_s` to `end_s` seconds of a file, mono; an `end_s` of 0 is the end of the file.

    As `read_audio`, whose limits hold for the stretch; a file that a path leads to may be of any length, and its header
    is checked all the same. Peaks above 1 are scaled down within the stretch. `AudioError` too if the file ends before
    the stretch.
    """
    if not (0 <= start_s < math.inf and 0 <= end_s < math.inf) or (end_s and end_s <= start_s):
        name = os.fspath(source) if isinstance(source, str | os.PathLike) else "the audio"
        raise AudioError(f"{name}: there is no stretch from {start_s:g} s to {end_s:g} s")
    audio = scaled(*decode(source, Span(start_s, end_s)))
    return audio if rate is None else audio.resampled(rate)


def cut(audio: Audio, start_s: float, end_s: float, name: str) -> Audio:
    """The same of a sound that has been read; `name` is for the `AudioError`."""
    first, last = Span(start_s, end_s).frames(name, audio.rate, len(audio.samples))
    if last <= first:
        raise AudioError(f"{name}: there is nothing from {start_s:.2f} s to {end_s or audio.duration:.2f} s")
    return Audio(audio.samples[first:last], audio.rate)


def is_long(path: str | os.PathLike[str]) -> bool:
    """Whether a file is, by its header, more than `read_audio` lets in, so that only stretches of it can be read."""
    head = read_header(path)
    return head.seconds > MAX_SECONDS or head.seconds * head.rate * head.channels * 4 > MAX_BYTES
