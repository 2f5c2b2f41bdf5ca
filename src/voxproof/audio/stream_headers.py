"""What FLAC and Ogg say of themselves, checked before they are decoded."""

from voxproof.audio.limits import check_frames, check_shape
from voxproof.audio.source import Source
from voxproof.errors import AudioError

_TAIL = 2 * 65_307  # bytes: two Ogg pages of the greatest size
_ADVICE = "write it again, with ffmpeg -i OLD NEW.flac for example"


def check_flac(source: Source) -> None:
    """Refuse a FLAC file whose first block (STREAMINFO) is out of bounds. It may not say how long it is: streams do."""
    head = source.at(0, 42)
    if len(head) < 42 or head[4] & 0x7F != 0:
        raise AudioError(f"{source.name}: the FLAC header is cut off or damaged")
    fields = int.from_bytes(head[18:26], "big")  # 20 bits rate, 3 channels - 1, 5 bits - 1, 36 frames
    rate, channels, frames = fields >> 44, (fields >> 41 & 7) + 1, fields & (1 << 36) - 1
    check_shape(source.name, rate, channels)
    check_frames(source.name, frames, rate, channels)


def check_ogg(source: Source) -> None:
    """Refuse an Ogg file of another codec than Opus or Vorbis, or one that ends within a page."""
    first = source.at(0, 128)
    body = first[27 + first[26] :] if len(first) > 27 else b""
    if body[:8] == b"OpusHead" and len(body) > 9:
        check_shape(source.name, 48_000, body[9])
    elif body[:7] == b"\x01vorbis" and len(body) > 16:
        check_shape(source.name, int.from_bytes(body[12:16], "little"), body[11])
    elif len(first) < 64 or not body:
        raise AudioError(f"{source.name}: the Ogg file is cut off within its header")
    else:
        raise AudioError(
            f"{source.name}: the codec inside this Ogg file cannot be read, only Opus and Vorbis; {_ADVICE}"
        )
    start = max(0, source.size - _TAIL)
    tail = source.at(start, _TAIL)
    last = tail.rfind(b"OggS")
    page = tail[last:] if last >= 0 else b""
    if len(page) < 27 or len(page) < 27 + page[26] or len(page) < 27 + page[26] + sum(page[27 : 27 + page[26]]):
        raise AudioError(f"{source.name}: truncated: it ends in the middle of a page")
    if last + start == 0:
        raise AudioError(f"{source.name}: no sound in it: the header is all there is")
