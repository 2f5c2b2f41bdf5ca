"""What a file says of its sound, without decoding it: for lists of thousands of files, and of recordings of hours."""

import os
from dataclasses import dataclass

import soundfile

from voxproof.audio.source import Source, opened
from voxproof.errors import AudioError

_UNKNOWN = 2**62  # frames; libsndfile says 2**63 - 1 of a stream that does not know


@dataclass(frozen=True)
class Header:
    """Seconds (0 where the file does not say), sampling rate in Hz, channels, and codec as FFmpeg names it."""

    seconds: float
    rate: int
    channels: int
    codec: str


def read_header(path: str | os.PathLike[str]) -> Header:
    """The header of a sound file of any length; `AudioError` in one line if it has none that can be read."""
    with opened(path, any_size=True) as source:
        return _of_container(source) if source.format in ("mp3", "mp4", "webm") else _of_sndfile(source)


def _of_sndfile(source: Source) -> Header:
    try:
        with soundfile.SoundFile(source.file) as sound:
            frames = 0 if sound.frames >= _UNKNOWN else sound.frames
            return Header(frames / sound.samplerate, sound.samplerate, sound.channels, _codec(sound))
    except (soundfile.SoundFileError, ZeroDivisionError) as reason:
        raise AudioError(f"{source.name}: damaged, its header cannot be read") from reason


def _codec(sound: soundfile.SoundFile) -> str:
    if sound.format in ("FLAC", "OGG"):
        return "flac" if sound.format == "FLAC" else str(sound.subtype).lower()
    pcm = {"PCM_16": "pcm_s16le", "PCM_24": "pcm_s24le", "PCM_32": "pcm_s32le", "PCM_U8": "pcm_u8"}
    others = {"FLOAT": "pcm_f32le", "DOUBLE": "pcm_f64le", "ULAW": "pcm_mulaw", "ALAW": "pcm_alaw"}
    return (pcm | others).get(sound.subtype, str(sound.subtype).lower())


def _of_container(source: Source) -> Header:
    import av  # slow to import

    try:
        with av.open(source.file, "r", options={"protocol_whitelist": "none"}, metadata_errors="replace") as container:
            if not container.streams.audio:
                raise AudioError(f"{source.name}: no sound in it")
            stream = container.streams.audio[0]
            if stream.duration is not None and stream.time_base is not None:
                seconds = float(stream.duration * stream.time_base)
            else:
                seconds = float(container.duration or 0) / av.time_base
            return Header(seconds, stream.rate, stream.channels, stream.codec_context.codec.canonical_name)
    except (av.FFmpegError, ValueError) as reason:
        raise AudioError(f"{source.name}: damaged, its header cannot be read") from reason
