"""The format of a file by its first bytes; what it is called does not matter."""

from voxproof.errors import AudioError

READABLE = "WAV, FLAC, MP3, Ogg (Opus or Vorbis), M4A, WebM and NIST SPHERE can be read"

_OTHERS = (  # magic -> what to call it in the refusal
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"FORM", "an AIFF file"),
    (b"caff", "a CAF file"),
    (b".snd", "an AU file"),
    (b"RF64", "an RF64 file"),
    (b"riff", "a Wave64 file"),
    (b"RIFX", "a big-endian WAV file"),
    (b"#!AMR", "an AMR file"),
    (b"0&\xb2u", "a WMA file"),
    (b"MThd", "a MIDI file"),
    (b"#EXTM3U", "a playlist"),
    (b"[playlist]", "a playlist"),
    (b"\x7fELF", "a program"),
)


def sniff(name: str, head: bytes) -> str:
    """Which format, as "wav", "sphere" or "mp4", the first 64 bytes are of; `AudioError` says what it is instead."""
    if head[:4] == b"RIFF":
        if head[8:12] == b"WAVE":
            return "wav"
        kind = {b"WEBP": "a WebP picture", b"AVI ": "an AVI video"}.get(head[8:12], "cut off or damaged")
        raise AudioError(f"{name}: not audio but {kind}" if kind[0] == "a" else f"{name}: {kind} (12 bytes of WAV)")
    if head[:8] == b"NIST_1A\n":
        return "sphere"
    if head[:4] == b"fLaC":
        return "flac"
    if head[:4] == b"OggS":
        return "ogg"
    if head[:4] == b"\x1aE\xdf\xa3":
        return "webm"
    if head[4:8] == b"ftyp":
        return "mp4"
    if head[:3] == b"ID3" or _is_mp3_frame(head):
        return "mp3"
    for magic, what in _OTHERS:
        if head.startswith(magic):
            raise AudioError(f"{name}: this is {what}; {READABLE}")
    if head.strip() and all(byte >= 32 or byte in b"\t\r\n\f" for byte in head):
        raise AudioError(f"{name}: this is text, not audio; {READABLE}")
    raise AudioError(f"{name}: not audio of a format that is known; {READABLE}")


def _is_mp3_frame(head: bytes) -> bool:
    """Whether these are the sync word and the plausible fields of a frame of MPEG-1, 2 or 2.5 layer III."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    return version != 1 and layer == 1 and head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3
