"""The atoms of an MP4 file, checked before FFmpeg sees them: tables that promise more than they hold, cut off files."""

from collections.abc import Iterator

from voxproof.audio.limits import check_seconds
from voxproof.audio.source import Source
from voxproof.errors import AudioError

_MAX_ATOMS = 20_000  # at the top: a browser's fragmented recording has three a second at most
_MAX_MOOV = 16 * 2**20  # bytes; ten minutes of AAC need less than one
_MAX_PACKETS = 1_000_000  # FFmpeg keeps 24 bytes of index for each
_CODECS = {b"mp4a", b"alac", b"Opus", b"fLaC", b".mp3"}
_PROTECTED = {b"enca", b"drms"}
_INNER = {b"trak", b"mdia", b"minf", b"stbl", b"traf", b"mvex"}


def check_mp4(source: Source) -> None:
    """`AudioError` unless the file is whole and has a track of sound within bounds in a codec that is read."""
    name = source.name
    tracks = packets = sounds = 0
    has_index = False
    for kind, start, size in _top(source):
        if kind not in (b"moov", b"moof"):
            continue
        if size > _MAX_MOOV:
            raise AudioError(f"{name}: an MP4 index of {size >> 20} MiB is damaged or forged")
        has_index = has_index or kind == b"moov"
        handler = b""
        seconds = 0.0
        for inner, content in _walk(source.at(start, size), name):
            if inner == b"trak":
                tracks += 1
                handler, seconds = b"", 0.0
            elif inner == b"mdhd":
                seconds = _media_seconds(content)
            elif inner == b"hdlr":
                handler = content[8:12]
            elif inner == b"stsd" and handler == b"soun":
                sounds += 1
                check_seconds(name, seconds)
                _check_codec(name, content[12:16])
            elif inner in (b"stsz", b"stz2"):
                packets += int.from_bytes(content[8:12], "big")
            elif inner == b"trun":
                packets += int.from_bytes(content[4:8], "big")
        if tracks > 16 or packets > _MAX_PACKETS:
            raise AudioError(f"{name}: an MP4 index of {tracks} tracks and {packets} packets is damaged or forged")
    if not has_index:
        raise AudioError(f"{name}: truncated: this MP4 file has no index (moov), as of a recording that was cut off")
    if not sounds:
        raise AudioError(f"{name}: no sound in this MP4 file")


def _top(source: Source) -> Iterator[tuple[bytes, int, int]]:
    """Name, offset and size of the content of each atom at the top."""
    at = 0
    for _ in range(_MAX_ATOMS):
        head = source.at(at, 16)
        if len(head) < 8:
            return
        size, body = int.from_bytes(head[:4], "big"), 8
        if size == 1:
            size, body = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:
            size = source.size - at  # to the end of the file
        if size < body:
            raise AudioError(f"{source.name}: a damaged MP4 file (an atom of {size} bytes)")
        if at + size > source.size:
            raise AudioError(f"{source.name}: truncated: {at + size} bytes are promised and {source.size} are there")
        yield head[4:8], at + body, size - body
        at += size
    raise AudioError(f"{source.name}: an MP4 file of more than {_MAX_ATOMS} atoms is damaged or forged")


def _walk(data: bytes, name: str, depth: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each atom inside, those that hold others before what they hold."""
    at = 0
    count = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        count += 1
        if size < 8 or at + size > len(data) or count > 1000 or depth > 8:
            raise AudioError(f"{name}: the index of this MP4 file is damaged or forged")
        kind = data[at + 4 : at + 8]
        content = data[at + 8 : at + size]
        yield kind, content
        if kind in _INNER:
            yield from _walk(content, name, depth + 1)
        at += size


def _media_seconds(mdhd: bytes) -> float:
    long = mdhd[:1] == b"\x01"
    scale, duration = (mdhd[20:24], mdhd[24:32]) if long else (mdhd[12:16], mdhd[16:20])
    unknown = b"\xff" * (8 if long else 4)
    if int.from_bytes(scale, "big") == 0 or duration == unknown:
        return 0.0
    return int.from_bytes(duration, "big") / int.from_bytes(scale, "big")


def _check_codec(name: str, codec: bytes) -> None:
    if codec in _PROTECTED:
        raise AudioError(f"{name}: the sound is protected against copying and cannot be decoded")
    if codec not in _CODECS:
        shown = codec.decode("latin-1")
        raise AudioError(f"{name}: the codec {shown!r} in this MP4 file cannot be read; AAC, ALAC, Opus, FLAC, MP3 can")
