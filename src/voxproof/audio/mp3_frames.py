"""The frames of an MP3 file, counted by their headers before anything is decoded.

Every frame says its own length, so that the count is of what is there; the Xing or Info tag in the first frame says
what should be.
"""

from dataclasses import dataclass

from voxproof.audio.limits import check_seconds
from voxproof.audio.source import Source
from voxproof.errors import AudioError

_BUFFER = 2**18  # bytes
_MAX_JUNK = 2**17  # bytes without a frame, before the first or between two
_MARGIN = 1  # frames: some encoders count the tag's own frame
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}  # Hz; MPEG-1, 2, 2.5
_KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # layer III of MPEG-1
_KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # layer III of MPEG-2 and 2.5


@dataclass(frozen=True)
class _Frame:
    rate: int  # Hz
    samples: int  # of one channel
    size: int  # bytes


def check_mp3(source: Source) -> None:
    """`AudioError` if there is no frame, too many of them, or fewer than the tag of the first one promises."""
    start = _after_id3(source)
    frames, promised, seconds = 0, (0, 0), 0.0
    at, buffer, base = start, b"", 0
    junk = 0
    while at < source.size:
        if not base <= at <= base + len(buffer) - 4:
            buffer, base = source.at(at, _BUFFER), at
            if len(buffer) < 4:
                break
        frame = _frame(buffer, at - base)
        if frame is None:
            found = buffer.find(b"\xff", at - base + 1)
            step = (found if found >= 0 else len(buffer)) - (at - base)
            junk += step
            if junk > _MAX_JUNK:
                break
            at += step
            continue
        if frames == 0:
            promised = _promised(buffer[at - base : at - base + 64])
        frames += 1
        junk = 0
        seconds += frame.samples / frame.rate
        check_seconds(source.name, seconds)
        at += frame.size
    if frames == 0:
        raise AudioError(f"{source.name}: no sound in this MP3 file, or it is cut off before its first frame")
    if promised[0] - frames > _MARGIN or promised[1] > source.size:
        whole = seconds * max(promised[0] / frames, promised[1] / source.size)
        check_seconds(source.name, whole)
        raise AudioError(f"{source.name}: truncated: {whole:.2f} s are promised and {seconds:.2f} s are there")


def _after_id3(source: Source) -> int:
    """Where the ID3v2 tags at the start end."""
    at = 0
    while (head := source.at(at, 10))[:3] == b"ID3" and len(head) == 10:
        footer = 10 if head[5] & 0x10 else 0
        at += 10 + footer + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
    return at


def _frame(data: bytes, at: int) -> _Frame | None:
    """The frame of layer III whose header stands at `at`, if one does."""
    if len(data) < at + 4 or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    kbits, rate = data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or layer != 1 or kbits in (0, 15) or rate == 3:
        return None
    hertz = _RATES[version][rate]
    samples = 1152 if version == 3 else 576
    bits = 1000 * (_KBITS_1 if version == 3 else _KBITS_2)[kbits]
    return _Frame(hertz, samples, samples // 8 * bits // hertz + (data[at + 2] >> 1 & 1))


def _promised(frame: bytes) -> tuple[int, int]:
    """How many frames and bytes the Xing or Info tag of the first frame promises; 0 where it does not say."""
    for tag in (b"Xing", b"Info"):
        at = frame.find(tag)
        if 0 < at <= 36 and len(frame) >= at + 16:
            flags, fields = frame[at + 7], [int.from_bytes(frame[i : i + 4], "big") for i in (at + 8, at + 12)]
            frames = fields.pop(0) if flags & 1 else 0
            return frames, fields.pop(0) if flags & 2 else 0
    return 0, 0
