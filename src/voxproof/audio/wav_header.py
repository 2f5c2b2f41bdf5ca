"""The chunks of a WAV file, checked before libsndfile sees them: it trims what a forged header promises in silence."""

import struct

from voxproof.audio.limits import check_frames, check_shape
from voxproof.audio.source import Source
from voxproof.errors import AudioError

_MAX_CHUNKS = 256
_EXTENSIBLE = 0xFFFE
UNKNOWN_SIZE = 0xFFFFFFFF  # bytes of sound: what a program writes that sends the header before it knows
_TAGS = {1: "PCM", 3: "float", 6: "A-law", 7: "mu-law"}
_ADVICE = "write it again, with ffmpeg -i OLD -c:a pcm_s16le NEW.wav for example"


def check_wav(source: Source) -> None:
    """`AudioError` unless the header is whole, in bounds, and promises no more bytes than are there.

    A stream's header does not know how long the sound is: it lasts as long as the file then.
    """
    name = source.name
    chunks = _chunks(source)
    if b"fmt " not in chunks:
        raise AudioError(f"{name}: a WAV file without a format chunk; it is cut off or damaged")
    offset, size = chunks[b"fmt "]
    fmt = source.at(offset, 40)
    if size < 16 or len(fmt) < 16:
        raise AudioError(f"{name}: the WAV header is cut off")
    tag, channels, rate, _, align, bits = struct.unpack("<HHIIHH", fmt[:16])
    if tag == _EXTENSIBLE and size >= 26 and len(fmt) >= 26:
        tag = int.from_bytes(fmt[24:26], "little")
    if tag not in _TAGS:
        raise AudioError(f"{name}: the codec {tag:#06x} inside this WAV file cannot be read; {_ADVICE}")
    check_shape(name, rate, channels)
    if bits % 8 or not 8 <= bits <= 64 or align != channels * bits // 8:
        raise AudioError(f"{name}: the WAV header contradicts itself ({bits} bits, {align} bytes a frame)")
    if b"data" not in chunks:
        raise AudioError(f"{name}: the WAV file ends before its sound begins")
    offset, size = chunks[b"data"]
    there = source.size - offset
    if size == UNKNOWN_SIZE:
        size = there
    if size > there:
        raise AudioError(f"{name}: truncated: {size} bytes of sound are promised and {there} are there; {_ADVICE}")
    if size < align:
        raise AudioError(f"{name}: no sound in it: the header is all there is")
    check_frames(name, size // align, rate, channels)


def _chunks(source: Source) -> dict[bytes, tuple[int, int]]:
    """First chunk of each name -> (offset of its content, size that it promises)."""
    found: dict[bytes, tuple[int, int]] = {}
    at = 12
    for _ in range(_MAX_CHUNKS):
        head = source.at(at, 8)
        if len(head) < 8:
            return found
        size = int.from_bytes(head[4:], "little")
        found.setdefault(head[:4], (at + 8, size))
        at += 8 + size + size % 2
    raise AudioError(f"{source.name}: a WAV file of more than {_MAX_CHUNKS} chunks is damaged or forged")
