"""Sound in and out: the only reader and the only writer, resampling, loudness, speech activity."""

from voxproof.audio.activity import speech_segments, trim_silence
from voxproof.audio.loudness import loudness, normalise_loudness
from voxproof.audio.reading import as_audio, read_audio
from voxproof.audio.resampling import resample
from voxproof.audio.sound import Audio, AudioLike
from voxproof.audio.writing import write_audio

__all__ = [
    "Audio",
    "AudioLike",
    "as_audio",
    "loudness",
    "normalise_loudness",
    "read_audio",
    "resample",
    "speech_segments",
    "trim_silence",
    "write_audio",
]
