"""The header of NIST SPHERE (TIMIT and other corpora of the LDC), checked before libsndfile sees it.

It is text: `NIST_1A`, the header's length in bytes, lines of `name -type value`, and `end_head`.
"""

from voxproof.audio.limits import check_frames, check_shape
from voxproof.audio.source import Source
from voxproof.errors import AudioError

MAGIC = b"NIST_1A\n"
_LONGEST = 16_384  # bytes of header
_CODINGS = ("pcm", "ulaw", "alaw")
_ADVICE = "unpack it first, with sph2pipe -f wav OLD NEW.wav for example"


def check_sphere(source: Source) -> None:
    """`AudioError` unless the header is whole, in bounds, of a coding that is read, and promises what is there."""
    name = source.name
    fields = _fields(source)
    coding = fields.get("sample_coding", "pcm").split(",")
    if coding[0] not in _CODINGS or len(coding) > 1:
        raise AudioError(f"{name}: NIST SPHERE with the coding {','.join(coding)[:40]!r} cannot be read; {_ADVICE}")
    rate, channels = _whole(name, fields, "sample_rate"), _whole(name, fields, "channel_count", 1)
    width = _whole(name, fields, "sample_n_bytes", 1 if coding[0] != "pcm" else 2)
    frames = _whole(name, fields, "sample_count")
    check_shape(name, rate, channels)
    check_frames(name, frames, rate, channels)
    if frames == 0:
        raise AudioError(f"{name}: no sound in it: the header is all there is")
    promised, there = frames * channels * width, source.size - _length(source)
    if promised > there:
        raise AudioError(f"{name}: truncated: {promised} bytes of sound are promised and {max(0, there)} are there")


def _length(source: Source) -> int:
    stated = source.at(len(MAGIC), 8).strip()
    if not stated.isdigit() or not 16 < int(stated) <= _LONGEST:
        raise AudioError(f"{source.name}: the NIST SPHERE header is cut off or damaged")
    return int(stated)


def _fields(source: Source) -> dict[str, str]:
    head = source.at(0, _length(source)).decode("latin-1")
    if "end_head" not in head:
        raise AudioError(f"{source.name}: the NIST SPHERE header is cut off or damaged")
    lines = head[: head.index("end_head")].splitlines()[2:]
    parts = [line.split(None, 2) for line in lines]
    return {part[0]: part[2].strip() for part in parts if len(part) == 3}


def _whole(name: str, fields: dict[str, str], key: str, usual: int | None = None) -> int:
    stated = fields.get(key, "" if usual is None else str(usual))
    if not stated.isdigit() or len(stated) > 18:
        raise AudioError(f"{name}: the NIST SPHERE header does not say {key}")
    return int(stated)
