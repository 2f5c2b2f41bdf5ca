"""Sound to the bytes of a file while it is being made: what has been encoded can be sent before the rest is there.

One encoder runs from the first piece to the last, so nothing is heard where they meet. A file that is sent so cannot
say at its head how long it is; WAV and FLAC have a value for that.
"""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from voxproof.audio.sequential import SequentialFile
from voxproof.audio.sound import Audio
from voxproof.audio.wav_header import UNKNOWN_SIZE
from voxproof.audio.writing import FORMATS, codec_rate, comment, sixteen_bits
from voxproof.errors import AudioError

BLOCK = 65_536  # samples


class StreamEncoder:
    """`format` is "wav", "flac", "mp3", "ogg", "opus" or "pcm" (16 bits, little-endian, no header); `rate` is in Hz.

    The manifest goes into the comment tag, as far as it has room; PCM has none.
    """

    def __init__(self, format: str, rate: int, manifest: Mapping[str, Any] | None = None) -> None:
        if format != "pcm" and f".{format}" not in FORMATS:
            known = ", ".join(suffix[1:] for suffix in FORMATS)
            raise AudioError(f"cannot encode {format!r}: the format must be one of {known}, pcm")
        self.rate = rate
        self._note = None if manifest is None else comment(manifest)
        self._head = b""
        self._tail: _Tail | None = None
        if format == "wav":
            self._head = _wav_head(rate, self._note)
        elif format != "pcm":
            container, codec = FORMATS[f".{format}"]
            self.rate = codec_rate(rate, codec)
            self._exact = codec == "PCM_16"
            self._tail = _Tail()
            self._file = SequentialFile(
                self._tail, "w", samplerate=self.rate, channels=1, format=container, subtype=codec
            )
            if self._note is not None:
                self._file.comment = self._note

    def add(self, audio: Audio) -> bytes:
        """The bytes that this piece brings; codecs keep a part of it for the next piece."""
        samples = audio.resampled(self.rate).samples
        if self._tail is None:
            head, self._head = self._head, b""
            return head + sixteen_bits(samples).astype("<i2", copy=False).tobytes()
        for start in range(0, len(samples), BLOCK):
            block = samples[start : start + BLOCK]
            self._file.write(sixteen_bits(block) if self._exact else block)
        return self._tail.taken()

    def end(self) -> bytes:
        """The last bytes."""
        if self._tail is None:
            head, self._head = self._head, b""
            return head
        self._file.close()
        return self._tail.taken()


class _Tail(io.RawIOBase):
    """A file of which only the end is kept. What is written again further back (lengths in a header) is lost."""

    def __init__(self) -> None:
        self._sent = 0
        self._kept = bytearray()
        self._at = 0

    def taken(self) -> bytes:
        """What was written since the last call."""
        data = bytes(self._kept)
        self._sent += len(data)
        self._kept.clear()
        return data

    def write(self, data: Any) -> int:
        count = len(data)
        start = self._at - self._sent
        fresh = memoryview(data)[max(0, -start) :]
        place = max(0, start)
        self._kept[place : place + len(fresh)] = fresh
        self._at += count
        return count

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._sent + len(self._kept)}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        return b""


def _wav_head(rate: int, note: str | None) -> bytes:
    """The header that libsndfile writes, with the lengths that say "not known"."""
    buffer = io.BytesIO()
    container, codec = FORMATS[".wav"]
    with SequentialFile(buffer, "w", samplerate=rate, channels=1, format=container, subtype=codec) as file:
        if note is not None:
            file.comment = note
        file.write(np.ones(1, np.int16))  # a header is written with the first sample
    head = bytearray(buffer.getvalue()[:-2])
    unknown = UNKNOWN_SIZE.to_bytes(4, "little")
    head[4:8] = head[-4:] = unknown
    return bytes(head)
