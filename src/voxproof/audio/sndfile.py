"""WAV, FLAC, Ogg and NIST SPHERE through libsndfile, in blocks of a fixed size."""

import numpy as np
import soundfile
from numpy.typing import NDArray

from voxproof.audio.gathering import Gathered
from voxproof.audio.limits import check_frames, check_shape
from voxproof.audio.sequential import SequentialFile
from voxproof.audio.source import Source
from voxproof.audio.span import WHOLE, Span
from voxproof.audio.sphere_header import check_sphere
from voxproof.audio.stream_headers import check_flac, check_ogg
from voxproof.audio.wav_header import check_wav
from voxproof.errors import AudioError

_BLOCK = 65_536  # frames
_UNKNOWN = 2**63 - 1  # frames: libsndfile's word for a FLAC stream that does not say how long it is
_ALLOWED = {
    "wav": ({"WAV", "WAVEX"}, {"PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"}),
    "flac": ({"FLAC"}, {"PCM_S8", "PCM_16", "PCM_24"}),
    "ogg": ({"OGG"}, {"OPUS", "VORBIS"}),
    "sphere": ({"NIST"}, {"PCM_U8", "PCM_S8", "PCM_16", "PCM_24", "PCM_32", "ULAW", "ALAW"}),
}
_CHECKS = {"wav": check_wav, "flac": check_flac, "ogg": check_ogg, "sphere": check_sphere}


def decode_sndfile(source: Source, span: Span = WHOLE) -> tuple[NDArray[np.float32], int]:
    """Mono samples `[n]` and rate of a `Source` of libsndfile's formats; `AudioError` for whatever is wrong with it."""
    with span.part_of_hours():
        _CHECKS[source.format](source)
    source.file.seek(0)
    gathered: Gathered | None = None
    try:
        with SequentialFile(source.file) as sound:
            containers, codecs = _ALLOWED[source.format]
            if sound.format not in containers or sound.subtype not in codecs:
                raise AudioError(f"{source.name}: {sound.format} with {sound.subtype} inside cannot be read")
            rate, channels, frames = sound.samplerate, sound.channels, sound.frames
            check_shape(source.name, rate, channels)
            is_stream = source.format == "flac" and frames == _UNKNOWN
            first, last = span.frames(source.name, rate, None if is_stream else frames)
            if not is_stream:
                with span.part_of_hours():
                    check_frames(source.name, frames, rate, channels)
                check_frames(source.name, last - first, rate, channels)
            gathered = Gathered(source.name, rate, channels, span)
            if first and not is_stream and sound.subtype != "OPUS":  # whose decoder has to come from before
                sound.seek(first)
                gathered.passed = first
            while gathered.passed < last:
                block = sound.read(min(_BLOCK, last - gathered.passed), dtype="float32", always_2d=True)
                if len(block) == 0:
                    break
                gathered.add(block)
    except soundfile.SoundFileError as reason:
        if gathered is not None:
            after = gathered.passed / gathered.rate
            raise AudioError(
                f"{source.name}: damaged or truncated, it cannot be decoded to its end (only {after:.2f} s)"
            ) from reason
        raise AudioError(f"{source.name}: damaged, cannot be decoded as {source.format.upper()}") from reason
    if is_stream:
        span.frames(source.name, rate, gathered.passed)
    elif gathered.passed < last:
        raise AudioError(
            f"{source.name}: truncated: {frames / rate:.2f} s are promised and {gathered.passed / rate:.2f} s are there"
        )
    return gathered.samples(), rate
