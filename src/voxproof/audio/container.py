"""MP3, M4A and WebM through PyAV, one packet after the other.

FFmpeg is told which demuxer to use (by the magic of the file) and which decoders it may use, and has no protocol to
open anything else with. MP3 is here and not with libsndfile, whose decoder writes its complaints to standard error.
"""

from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from voxproof.audio.ebml import check_webm
from voxproof.audio.gathering import Gathered
from voxproof.audio.limits import check_seconds, check_shape
from voxproof.audio.mp3_frames import check_mp3
from voxproof.audio.mp4_atoms import check_mp4
from voxproof.audio.source import Source
from voxproof.audio.span import WHOLE, Span
from voxproof.errors import AudioError

_CHECKS = {"mp3": check_mp3, "mp4": check_mp4, "webm": check_webm}
_DEMUXER = {"mp3": "mp3", "mp4": "mov", "webm": "matroska"}
_DECODERS = "aac,alac,opus,libopus,vorbis,libvorbis,flac,mp3,mp3float,pcm_f32le,pcm_s16le"
_OPTIONS = {
    "codec_whitelist": _DECODERS,
    "protocol_whitelist": "none",
    "probesize": "1048576",
    "max_streams": "16",
}
_MARGIN_S = 0.25  # what priming, padding and a header's rounding may differ


def decode_container(source: Source, span: Span = WHOLE) -> tuple[NDArray[np.float32], int]:
    """Mono samples `[n]` and rate of the first track of sound; `AudioError` for whatever is wrong with the file."""
    with span.part_of_hours():
        _CHECKS[source.format](source)
    source.file.seek(0)
    gathered: Gathered | None = None
    try:
        with av.open(
            source.file, "r", format=_DEMUXER[source.format], options=_OPTIONS, metadata_errors="replace"
        ) as container:
            if not container.streams.audio:
                raise AudioError(f"{source.name}: no sound in it")
            stream = container.streams.audio[0]
            stream.thread_type = "NONE"
            if stream.codec_context.name not in _DECODERS.split(","):
                raise AudioError(f"{source.name}: the codec {stream.codec_context.name} inside cannot be read")
            check_shape(source.name, stream.rate, stream.channels)
            promised = 0.0 if source.format == "mp3" else _promised_seconds(container, stream)
            with span.part_of_hours():
                check_seconds(source.name, promised)
            for frame in container.decode(stream):
                gathered = gathered or Gathered(source.name, frame.sample_rate, frame.layout.nb_channels, span)
                if (frame.sample_rate, frame.layout.nb_channels) != (gathered.rate, gathered.channels):
                    raise AudioError(f"{source.name}: the sampling rate or the channels change on the way")
                check_shape(source.name, gathered.rate, gathered.channels)
                gathered.add(_floats(frame))
                if gathered.passed >= gathered.last:
                    break
    except (av.FFmpegError, ValueError, ArithmeticError, MemoryError) as reason:
        if gathered is not None:
            after = gathered.passed / gathered.rate
            raise AudioError(
                f"{source.name}: damaged or truncated, it cannot be decoded to its end (only {after:.2f} s)"
            ) from reason
        raise AudioError(
            f"{source.name}: damaged, cannot be decoded ({getattr(reason, 'strerror', None) or reason})"
        ) from reason
    if gathered is None or gathered.passed == 0:
        raise AudioError(f"{source.name}: no sound in it, 0 samples")
    there = gathered.passed / gathered.rate
    if gathered.passed < gathered.last and promised - there > _MARGIN_S:
        raise AudioError(f"{source.name}: truncated: {promised:.2f} s are promised and {there:.2f} s are there")
    if gathered.passed < gathered.last:
        span.frames(source.name, gathered.rate, gathered.passed)
    return gathered.samples(), gathered.rate


def _promised_seconds(container: "av.container.InputContainer", stream: "av.AudioStream") -> float:
    """How long the header says that the sound is; 0 where it does not say."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and len(container.streams) == 1:
        return float(container.duration / av.time_base)
    return 0.0


def _floats(frame: "av.AudioFrame") -> NDArray[Any]:
    """The frame's samples as floats `(frames, channels)`, integers divided by their full scale."""
    data: NDArray[Any] = frame.to_ndarray()
    channels = frame.layout.nb_channels
    data = data.T if frame.format.is_planar else data.reshape(-1, channels)
    if data.dtype.kind == "f":
        return data
    if data.dtype == np.uint8:
        return (data.astype(np.float32) - 128.0) / 128.0
    return data.astype(np.float32) / np.float32(2.0 ** (8 * data.dtype.itemsize - 1))
