"""The only reader."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from voxproof.audio.limits import check_frames, check_shape, max_frames
from voxproof.audio.sound import Audio, AudioLike
from voxproof.errors import AudioError


def read_audio(source: AudioLike, *, rate: int | None = None) -> Audio:
    """Anything that sounds to mono `Audio`; `rate` asks for a sampling rate (of an array it says the rate it has)."""
    if isinstance(source, np.ndarray):
        return as_audio(source, rate=rate)
    audio = as_audio(source)
    return audio if rate is None else audio.resampled(rate)


def as_audio(source: AudioLike, *, rate: int | None = None) -> Audio:
    """Anything that sounds to mono `Audio` at its own rate; `rate` is for arrays, and needed there."""
    if isinstance(source, Audio):
        return source
    if isinstance(source, np.ndarray):
        if rate is None:
            raise AudioError("an array needs its sampling rate: give rate=")
        return _from_array(source, rate)
    name = str(source) if isinstance(source, str | os.PathLike) else "the audio"
    try:
        opened: Any = Path(source).open("rb") if isinstance(source, str | os.PathLike) else source
        with soundfile.SoundFile(opened) as file:
            check_shape(name, file.samplerate, file.channels)
            check_frames(name, file.frames, file.samplerate, file.channels)
            most = max_frames(file.samplerate, file.channels)
            blocks, count = [], 0
            while len(block := file.read(65_536, dtype="float32", always_2d=True)):
                count += len(block)
                check_frames(name, min(count, most + 1), file.samplerate, file.channels)
                blocks.append(block.mean(1))
            samples = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
            return _finished(name, samples, file.samplerate)
    except (OSError, soundfile.SoundFileError) as reason:
        raise AudioError(f"cannot read {name}: {reason}") from reason


def _from_array(array: NDArray[Any], rate: int) -> Audio:
    return _finished("the array", np.asarray(array, np.float32), rate)


def _finished(name: str, samples: NDArray[np.float32], rate: int) -> Audio:
    if len(samples) == 0:
        raise AudioError(f"{name} is empty")
    return Audio(samples, rate)
