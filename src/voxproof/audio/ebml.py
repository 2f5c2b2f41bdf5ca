"""The elements of a WebM (Matroska) file, checked before FFmpeg sees them.

A browser writes WebM live: its segment and clusters have no size and its header no length, so what says how long it is
are the times of the clusters.
"""

import math
import struct
from collections.abc import Iterator

from voxproof.audio.limits import MAX_CHANNELS, MAX_RATE, MIN_RATE, check_seconds
from voxproof.audio.source import Source
from voxproof.errors import AudioError

_SEGMENT, _CLUSTER, _INFO, _TRACKS = 0x18538067, 0x1F43B675, 0x1549A966, 0x1654AE6B
_TIMESTAMP, _SCALE, _DURATION = 0xE7, 0x2AD7B1, 0x4489
_ENTRY, _AUDIO, _CODEC, _RATE, _CHANNELS = 0xAE, 0xE1, 0x86, 0xB5, 0x9F
_OPEN = {_SEGMENT, _CLUSTER}  # their children are listed as if they stood at the top
_MAX_ELEMENTS = 500_000
_MAX_HEADER = 2**20  # bytes of Info or Tracks
_CODECS = {b"A_OPUS", b"A_VORBIS", b"A_FLAC", b"A_AAC", b"A_MPEG/L3", b"A_PCM/FLOAT/IEEE", b"A_PCM/INT/LIT"}


def check_webm(source: Source) -> None:
    """`AudioError` unless the file is whole and has a track of sound within bounds in a codec that is read."""
    name = source.name
    scale = 1_000_000  # nanoseconds a tick
    sound = False
    for kind, start, size in _elements(source):
        if kind in (_INFO, _TRACKS) and size > _MAX_HEADER:
            raise AudioError(f"{name}: a WebM header of {size} bytes is damaged or forged")
        if kind == _INFO:
            info = dict(_children(source.at(start, size)))
            scale = int.from_bytes(info.get(_SCALE, b"\x0f\x42\x40"), "big")
            check_seconds(name, _float(info.get(_DURATION, b"")) * scale / 1e9)
        elif kind == _TRACKS:
            for entry, content in _children(source.at(start, size)):
                sound = _check_track(name, dict(_children(content))) or sound if entry == _ENTRY else sound
        elif kind == _TIMESTAMP:
            check_seconds(name, int.from_bytes(source.at(start, min(size, 8)), "big") * scale / 1e9)
    if not sound:
        raise AudioError(f"{name}: no sound in this WebM file, or it is cut off within its header")


def _check_track(name: str, track: dict[int, bytes]) -> bool:
    """Whether this track is sound; `AudioError` if it is and cannot be read."""
    if _AUDIO not in track:
        return False
    codec = track.get(_CODEC, b"").rstrip(b"\0")
    if codec not in _CODECS and not codec.startswith(b"A_AAC/"):
        shown = ascii(codec.decode("latin-1"))
        raise AudioError(f"{name}: the codec {shown} in this WebM file cannot be read; Opus, Vorbis, PCM can")
    audio = dict(_children(track[_AUDIO]))
    rate = _float(audio.get(_RATE, b"\x45\xfa\x00\x00"))  # 8000 Hz is Matroska's default
    channels = int.from_bytes(audio.get(_CHANNELS, b"\x01"), "big")
    if not MIN_RATE <= rate <= MAX_RATE:
        raise AudioError(f"{name}: a sampling rate of {rate:.0f} Hz is out of bounds, {MIN_RATE} to {MAX_RATE} Hz")
    if not 1 <= channels <= MAX_CHANNELS:
        raise AudioError(f"{name}: {channels} channels are out of bounds, 1 to {MAX_CHANNELS}")
    return True


def _elements(source: Source) -> Iterator[tuple[int, int, int]]:
    """Id, offset and size of the content of each element outside and inside of segment and clusters."""
    at = 0
    for _ in range(_MAX_ELEMENTS):
        head = source.at(at, 12)
        if not head:
            return
        parsed = _head(head)
        if parsed is None:
            if at + 12 >= source.size:
                raise AudioError(f"{source.name}: truncated: this WebM file ends within an element")
            raise AudioError(f"{source.name}: a damaged WebM file")
        kind, size, body = parsed
        if size is None and kind not in _OPEN:
            raise AudioError(f"{source.name}: a damaged WebM file (an element without a size)")
        if size is not None and at + body + size > source.size:
            raise AudioError(
                f"{source.name}: truncated: {at + body + size} bytes are promised and {source.size} are there"
            )
        if kind in _OPEN or size is None:
            at += body
            continue
        yield kind, at + body, size
        at += body + size
    raise AudioError(f"{source.name}: a WebM file of more than {_MAX_ELEMENTS} elements is damaged or forged")


def _children(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Id and content of each element inside; ends where they stop making sense."""
    at = 0
    while at < len(data):
        parsed = _head(data[at : at + 12])
        if parsed is None:
            return
        kind, size, body = parsed
        if size is None or at + body + size > len(data):
            return
        yield kind, data[at + body : at + body + size]
        at += body + size


def _head(data: bytes) -> tuple[int, int | None, int] | None:
    """Id, size of the content (None: unknown) and length of an element's head; None if these bytes are none."""
    id_length = 9 - data[0].bit_length() if data and data[0] else 9
    if id_length > 4 or len(data) <= id_length or data[id_length] == 0:
        return None
    size_length = 9 - data[id_length].bit_length()
    body = id_length + size_length
    if len(data) < body:
        return None
    size = int.from_bytes(data[id_length:body], "big") & (1 << 7 * size_length) - 1
    unknown = size == (1 << 7 * size_length) - 1
    return int.from_bytes(data[:id_length], "big"), None if unknown else size, body


def _float(data: bytes) -> float:
    """An EBML float of 4 or 8 bytes; no bytes are 0, and what is not a number counts as out of every bound."""
    if len(data) not in (4, 8):
        return 0.0
    value: float = struct.unpack(">f" if len(data) == 4 else ">d", data)[0]
    return value if math.isfinite(value) and value >= 0 else 1e30
