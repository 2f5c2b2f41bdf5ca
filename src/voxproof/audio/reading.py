"""The only reader.

Where decoding happens: in this process by default. Every format is recognised by its first bytes (nothing is guessed
from a name, no URL or playlist is followed), its header is checked by our own code before a library sees it, and the
library decodes blocks of a fixed size into a counter that stops at the limits. That refuses bad files within
milliseconds and keeps thousands of files quick. What a counter cannot hold is a fault in a C library itself: a program
that takes files from strangers (the server) asks for `isolated=True`, and the decoding happens in a child process with
limits of its own on memory and time, which costs the start of a Python process each time.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof.audio.arrays import from_array
from voxproof.audio.sndfile import decode_sndfile
from voxproof.audio.sound import Audio, AudioLike
from voxproof.audio.source import opened
from voxproof.audio.span import WHOLE, Span
from voxproof.errors import AudioError


def read_audio(source: AudioLike, *, rate: int | None = None, isolated: bool = False) -> Audio:
    """Anything that sounds to mono `Audio`.

    `source` is a path, bytes, an open binary file (WAV, FLAC, MP3, Ogg with Opus or Vorbis, M4A, WebM), an `Audio`, or
    an array `(n,)` or `(n, channels)`. Of an array `rate` says the sampling rate that it has; of everything else it
    asks for one, and the sound is resampled. Channels are mixed by their mean; if peaks lie above 1 the whole is scaled
    to a peak of 1. `isolated` decodes in a child process with limits of its own.

    `AudioError` in one line for whatever cannot be read or is out of bounds: 600 s, 256 MiB decoded, 8 channels, 4 to
    192 kHz.
    """
    if isinstance(source, np.ndarray):
        return as_audio(source, rate=rate)
    if isinstance(source, Audio):
        audio = source
    elif isolated:
        from voxproof.audio.isolated import decode_isolated

        audio = scaled(*decode_isolated(source))
    else:
        audio = scaled(*decode(source))
    return audio if rate is None else audio.resampled(rate)


def as_audio(source: AudioLike, *, rate: int | None = None) -> Audio:
    """Anything that sounds to mono `Audio` at its own sampling rate. An array needs `rate`, nothing else takes it."""
    if isinstance(source, np.ndarray):
        if rate is None:
            raise AudioError("an array needs its sampling rate: give rate=")
        return scaled(*from_array(source, rate))
    if rate is not None:
        raise AudioError("rate= says the sampling rate of an array; a file and an Audio know theirs")
    return read_audio(source)


def decode(source: Any, span: Span = WHOLE) -> tuple[NDArray[np.float32], int]:
    """Mono samples as they were decoded, and their rate."""
    with opened(source, any_size=not span.is_whole) as file:
        if file.format in ("mp3", "mp4", "webm"):
            from voxproof.audio.container import decode_container  # PyAV is slow to import

            return decode_container(file, span)
        return decode_sndfile(file, span)


def scaled(samples: NDArray[np.float32], rate: int) -> Audio:
    """Into [-1, 1]: lossy codecs overshoot and float files hold anything; scaling does not distort as clipping does."""
    peak = float(np.abs(samples).max())
    return Audio(samples / np.float32(peak) if peak > 1.0 else samples, rate)
