"""Sound in and out: the only reader and the only writer, resampling."""

from voxproof.audio.reading import as_audio, read_audio
from voxproof.audio.resampling import resample
from voxproof.audio.sound import Audio, AudioLike
from voxproof.audio.writing import write_audio

__all__ = ["Audio", "AudioLike", "as_audio", "read_audio", "resample", "write_audio"]
