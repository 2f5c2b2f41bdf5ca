"""`Audio`: what every part of Voxproof hears and makes."""

import base64
import html
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from voxproof.audio.limits import MAX_RATE, MIN_RATE
from voxproof.audio.resampling import resample
from voxproof.errors import AudioError


@dataclass(frozen=True, eq=False, repr=False)
class Audio:
    """Mono sound.

    `samples` is float32 `[n]`, finite, in [-1, 1] (what lies outside is clipped); `rate` is in Hz; `manifest` says how
    the sound was made, if Voxproof made it.
    """

    samples: NDArray[np.float32]
    rate: int
    manifest: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        samples = np.ascontiguousarray(self.samples, np.float32)
        if samples.ndim != 1:
            raise AudioError(f"Audio takes mono samples of shape (n,), not {samples.shape}; use as_audio for channels")
        if not MIN_RATE <= self.rate <= MAX_RATE:
            raise AudioError(f"a sampling rate of {self.rate} Hz is out of bounds: {MIN_RATE} to {MAX_RATE} Hz")
        if len(samples):
            low, high = float(samples.min()), float(samples.max())
            if not (np.isfinite(low) and np.isfinite(high)):
                raise AudioError("the samples hold NaN or infinity")
            if low < -1.0 or high > 1.0:
                samples = np.clip(samples, -1.0, 1.0)
        object.__setattr__(self, "samples", samples)
        object.__setattr__(self, "rate", int(self.rate))

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / self.rate

    def __repr__(self) -> str:
        made = ", with a manifest" if self.manifest is not None else ""
        return f"Audio({self.duration:.2f} s at {self.rate} Hz{made})"

    def resampled(self, rate: int) -> "Audio":
        """The same sound at another sampling rate (Hz)."""
        if rate == self.rate:
            return self
        return replace(self, samples=resample(self.samples, self.rate, rate), rate=rate)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file (format by suffix: .wav, .flac, .mp3, .ogg, .opus), and `<path>.json` if there is a manifest.

        `AudioError` if it cannot be written; then neither of the two files is.
        """
        from voxproof.audio.writing import write_audio

        write_audio(path, self)

    def play(self) -> None:
        """Play on this computer's loudspeaker and wait for the end; `AudioError` if no player is found."""
        from voxproof.audio.playing import play

        play(self)

    def _repr_html_(self) -> str:
        """A player for notebooks."""
        from voxproof.audio.writing import wav_bytes

        data = base64.b64encode(wav_bytes(self)).decode()
        return f'<audio controls title="{html.escape(repr(self))}" src="data:audio/wav;base64,{data}"></audio>'


AudioLike: TypeAlias = str | os.PathLike[str] | Audio | bytes | bytearray | memoryview | BinaryIO | NDArray[Any]
