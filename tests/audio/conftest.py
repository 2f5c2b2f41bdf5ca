"""Encoded files to read and forged files to refuse, all made here."""

import io
import struct
from collections.abc import Callable

import av
import numpy as np
import pytest
import soundfile

from voxproof.audio import Audio, write_audio

EIGHT_HOURS = 8 * 3600


def _through_av(audio: Audio, container: str, codec: str, rate: int) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(audio.samples[None], format="fltp", layout="mono")
        frame.sample_rate, frame.pts = audio.rate, 0
        resampler = av.AudioResampler(format=stream.codec_context.format or "fltp", layout="mono", rate=rate)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return file.getvalue()


@pytest.fixture(scope="session")
def encoded(speech: Audio, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Three seconds of speech in every format that is read, by suffix."""
    clip = Audio(speech.samples[8_000:56_000], speech.rate)
    folder = tmp_path_factory.mktemp("encoded")
    files = {}
    for suffix in ("wav", "flac", "mp3", "ogg", "opus"):
        write_audio(folder / f"clip.{suffix}", clip)
        files[suffix] = (folder / f"clip.{suffix}").read_bytes()
    files["sph"] = sphere((clip.samples * 32767).astype("<i2").tobytes())
    files["m4a"] = _through_av(clip, "ipod", "aac", 16_000)
    files["alac.m4a"] = _through_av(clip, "ipod", "alac", 16_000)
    files["mp4"] = _through_av(clip, "mp4", "libopus", 48_000)
    files["webm"] = _through_av(clip, "webm", "libopus", 48_000)
    return files


def wav(
    data: bytes = b"",
    *,
    tag: int = 1,
    channels: int = 1,
    rate: int = 16_000,
    bits: int = 16,
    promised: int | None = None,
) -> bytes:
    """A WAV file whose header says whatever it is told to."""
    align = channels * bits // 8
    size = len(data) if promised is None else promised
    fmt = struct.pack("<HHIIHH", tag, channels, rate, rate * align & 0xFFFFFFFF, align & 0xFFFF, bits)
    chunks = b"fmt " + struct.pack("<I", 16) + fmt + b"data" + struct.pack("<I", size & 0xFFFFFFFF) + data
    return b"RIFF" + struct.pack("<I", min(4 + len(chunks), 0xFFFFFFFF)) + b"WAVE" + chunks


def sphere(
    data: bytes, *, rate: str = "16000", channels: str = "1", count: int | None = None, coding: str = "pcm"
) -> bytes:
    """A file of NIST SPHERE as on TIMIT's disc; the header says whatever it is told to."""
    lines = [
        "NIST_1A",
        "   1024",
        "database_id -s5 TIMIT",
        f"channel_count -i {channels}",
        f"sample_count -i {len(data) // 2 if count is None else count}",
        f"sample_rate -i {rate}",
        "sample_n_bytes -i 2",
        "sample_byte_format -s2 01",
        "sample_sig_bits -i 16",
        f"sample_coding -s{len(coding)} {coding}",
        "end_head",
    ]
    return ("\n".join(lines) + "\n").encode().ljust(1024) + data


def _ogg_crc_table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
        table.append(value)
    return table


_CRC = _ogg_crc_table()


def _ogg_page(flags: int, granule: int, sequence: int, packets: list[bytes]) -> bytes:
    lacing = bytes(len(packet) for packet in packets)  # every packet here is shorter than 255 bytes
    head = struct.pack("<4sBBQIIIB", b"OggS", 0, flags, granule, 7, sequence, 0, len(lacing))
    page = bytearray(head + lacing + b"".join(packets))
    crc = 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ _CRC[crc >> 24 ^ byte]
    page[22:26] = struct.pack("<I", crc)
    return bytes(page)


def opus_silence(seconds: float, granule_of: Callable[[int], int] = lambda samples: samples) -> bytes:
    """Ogg Opus of packets of two bytes, two empty frames of 60 ms each: 26 bytes a second."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 0)
    pages = [_ogg_page(2, 0, 0, [head]), _ogg_page(0, 0, 1, [tags])]
    count = round(seconds / 0.12)
    packet = bytes([3 << 3 | 3, 2])  # SILK, narrow band, 60 ms; two frames of equal size: none
    for first in range(0, count, 255):
        packets = [packet] * min(255, count - first)
        last = first + len(packets)
        pages.append(_ogg_page(4 if last == count else 0, granule_of(last * 5760), len(pages), packets))
    return b"".join(pages)


def _element(kind: int, content: bytes) -> bytes:
    name = kind.to_bytes((kind.bit_length() + 7) // 8, "big")
    return name + (len(content) | 1 << 56).to_bytes(8, "big") + content


def webm(times_ms: list[int], *, channels: int = 1, rate: float = 48_000.0, codec: bytes = b"A_OPUS") -> bytes:
    """Live WebM as browsers write it (no sizes, no duration): one cluster with one packet of Opus at each time."""
    opus_head = b"OpusHead" + struct.pack("<BBHIhB", 1, min(channels, 255), 0, 48_000, 0, 0)
    audio = _element(0xB5, struct.pack(">d", rate)) + _element(0x9F, bytes([channels]))
    track = _element(0xD7, b"\1") + _element(0x73C5, b"\1") + _element(0x83, b"\2") + _element(0x86, codec)
    track += _element(0x63A2, opus_head) + _element(0xE1, audio)
    head = _element(0x1A45DFA3, _element(0x4282, b"webm"))
    head += b"\x18\x53\x80\x67" + b"\x01" + b"\xff" * 7  # a segment of unknown size
    head += _element(0x1549A966, _element(0x2AD7B1, (1_000_000).to_bytes(3, "big")))
    head += _element(0x1654AE6B, _element(0xAE, track))
    packet = _element(0xA3, b"\x81\0\0\x80" + bytes([3 << 3 | 3, 2]))
    unknown = b"\x1f\x43\xb6\x75\x01" + b"\xff" * 7
    return head + b"".join(unknown + _element(0xE7, time.to_bytes(4, "big")) + packet for time in times_ms)


def flac_header(rate: int, channels: int, frames: int) -> bytes:
    """The first 42 bytes of a FLAC file, saying whatever they are told to say."""
    fields = rate << 44 | channels - 1 << 41 | 15 << 36 | frames
    return b"fLaC\x80\0\0\x22" + struct.pack(">HH", 4096, 4096) + bytes(6) + fields.to_bytes(8, "big") + bytes(16)


def unknown_length(file: bytes) -> bytes:
    """A FLAC or a WAV file as a program sends it that does not know yet how long it will be."""
    if file[:4] == b"fLaC":
        return file[:21] + bytes([file[21] & 0xF0]) + bytes(4) + file[26:]
    data = file.index(b"data") + 4
    return file[:4] + b"\xff" * 4 + file[8:data] + b"\xff" * 4 + file[data + 4 :]


@pytest.fixture(scope="session")
def hostile(encoded: dict[str, bytes]) -> dict[str, tuple[bytes, str]]:
    """Files that must be refused: what they are -> (their bytes, what the refusal must mention)."""
    tone = np.sin(np.arange(16_000) / 10).astype(np.float32)
    pcm = (tone * 10_000).astype("<i2").tobytes()
    with_nan, with_inf = tone.copy(), tone.copy()
    with_nan[8_000], with_inf[4_000] = np.nan, -np.inf
    silent_flac = io.BytesIO()
    soundfile.write(silent_flac, np.zeros(16_000 * 900, np.int16), 16_000, format="FLAC")
    m4a, flac = encoded["m4a"], encoded["flac"]
    moov = m4a.find(b"mdhd") + 4
    long_m4a = m4a[: moov + 16] + struct.pack(">I", 16_000 * EIGHT_HOURS) + m4a[moov + 20 :]
    stsz = m4a.find(b"stsz") + 4
    drowned = m4a[: stsz + 8] + b"\x7f\xff\xff\xff" + m4a[stsz + 12 :]
    rf64 = b"RF64" + b"\xff" * 4 + b"WAVEds64" + struct.pack("<IQQQI", 28, 2**63, 2**63, 2**63, 0) + wav(pcm)[12:]
    caf = b"caff\0\1\0\0desc" + struct.pack(">q", 32) + struct.pack(">d", 16_000) + b"lpcm" + bytes(20)
    return {
        "empty": (b"", "empty"),
        "text": (b"Dear reader, this is a letter and not a sound.\n" * 9, "text"),
        "utf-16 text": ("Dear reader, not a sound".encode("utf-16"), "not audio"),
        "zeros": (bytes(4096), "not audio"),
        "png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
        "jpeg": (b"\xff\xd8\xff\xe0" + bytes(100), "JPEG"),
        "webp": (b"RIFF\x20\0\0\0WEBPVP8 " + bytes(20), "WebP"),
        "playlist": (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "playlist"),
        "WAV header alone": (wav(), "no sound"),
        "WAV cut within the header": (wav(pcm)[:30], "cut off"),
        "WAV of 12 bytes": (wav(pcm)[:12], "format chunk"),
        "WAV truncated": (wav(pcm)[:-1000], "truncated"),
        "WAV promises 4 GiB": (wav(pcm, promised=0xFFFFFFFE), "truncated"),
        "WAV of 0 Hz": (wav(pcm, rate=0), "0 Hz"),
        "WAV of 4.2 GHz": (wav(pcm, rate=4_200_000_000), "4200000000 Hz"),
        "WAV of 40 channels": (wav(pcm, channels=40), "40 channels"),
        "WAV of 0 channels": (wav(pcm, channels=0), "0 channels"),
        "WAV of 60000 channels": (wav(pcm, channels=60_000, bits=8), "60000 channels"),
        "WAV of 7 bits": (wav(pcm, bits=7), "contradicts"),
        "WAV of MP3": (wav(pcm, tag=0x55), "codec 0x0055"),
        "WAV of ADPCM": (wav(pcm, tag=2), "codec 0x0002"),
        "WAV with NaN": (wav(with_nan.tobytes(), tag=3, bits=32), "NaN (first at 0.500 s)"),
        "WAV with infinity": (wav(with_inf.tobytes(), tag=3, bits=32), "infinity (first at 0.250 s)"),
        "WAV of 11 minutes": (wav(bytes(4_000 * 660), rate=4_000, bits=8), "too long"),
        "WAV of many chunks": (wav(pcm) + b"junk\0\0\0\0" * 10_000, "chunks"),
        "RF64 of 2^63 frames": (rf64, "RF64"),
        "CAF of 2^63 frames": (caf + b"data" + struct.pack(">q", 2**63 - 1) + pcm, "CAF"),
        "AU of 5 GHz": (struct.pack(">4sIIIII", b".snd", 24, 0xFFFFFFFF, 3, 5_000_000_000 & 0xFFFFFFFF, 1) + pcm, "AU"),
        "SPHERE header alone": (sphere(b""), "no sound"),
        "SPHERE cut within the header": (sphere(pcm)[:100], "cut off"),
        "SPHERE truncated": (sphere(pcm)[:-1000], "truncated"),
        "SPHERE packed by shorten": (sphere(pcm, coding="pcm,embedded-shorten-v2.00"), "sph2pipe"),
        "SPHERE of 0 Hz": (sphere(pcm, rate="0"), "0 Hz"),
        "SPHERE of no rate": (sphere(pcm, rate="fast"), "sample_rate"),
        "SPHERE of 40 channels": (sphere(pcm, channels="40"), "40 channels"),
        "SPHERE of 2^59 samples": (sphere(pcm, count=2**59), "too long"),
        "FLAC header alone": (flac_header(16_000, 1, 16_000), "truncated"),
        "FLAC of 2^36 frames": (flac_header(16_000, 1, 2**36 - 1), "too long"),
        "FLAC of 0 Hz": (flac_header(0, 1, 16_000), "0 Hz"),
        "FLAC truncated": (flac[: len(flac) // 2], "truncated"),
        "FLAC of 15 silent minutes": (silent_flac.getvalue(), "too long"),
        "MP3 truncated": (encoded["mp3"][: len(encoded["mp3"]) // 2], "truncated"),
        "MP3 tag alone": (b"ID3\4\0\0\0\0\0\0" + bytes(2000), "no sound"),
        "MP3 tag of 256 MiB": (b"ID3\4\0\0\x7f\x7f\x7f\x7f" + encoded["mp3"], "no sound"),
        "MP3 of 30 minutes": (_silent_mp3(1800), "too long"),
        "Ogg truncated": (encoded["ogg"][: len(encoded["ogg"]) // 2], "truncated"),
        "Opus truncated": (encoded["opus"][: len(encoded["opus"]) // 2], "truncated"),
        "Opus headers alone": (opus_silence(0.0), "damaged"),
        "Opus of 8 silent hours": (opus_silence(EIGHT_HOURS), "8.0 hours"),
        "Opus of 2^62 frames": (opus_silence(60.0, lambda at: at if at < 2_880_000 else 2**62), "too long"),
        "Ogg of 40 channels": (encoded["opus"].replace(b"OpusHead\1\1", b"OpusHead\1\x28", 1), "40 channels"),
        "Ogg of Speex": (encoded["opus"].replace(b"OpusHead", b"Speex   ", 1), "codec"),
        "M4A truncated": (m4a[: len(m4a) // 2], "truncated"),
        "M4A without index": (m4a[: m4a.find(b"moov") - 4], "truncated"),
        "M4A that says 8 hours": (long_m4a, "8.0 hours"),
        "M4A of 2^31 packets": (drowned, "forged"),
        "M4A of AMR": (m4a.replace(b"mp4a", b"samr", 1), "samr"),
        "M4A with copy protection": (m4a.replace(b"mp4a", b"enca", 1), "protected"),
        "MP4 with a picture alone": (m4a.replace(b"soun", b"vide", 1), "no sound"),
        "WebM truncated": (encoded["webm"][: len(encoded["webm"]) // 2], "truncated"),
        "WebM header alone": (webm([]), "no"),
        "WebM of 8 hours": (webm([30_000 * i for i in range(960)]), "too long"),
        "WebM of 40 channels": (webm([0], channels=40), "40 channels"),
        "WebM of 5 GHz": (webm([0], rate=5e9), "5000000000 Hz"),
        "WebM of NaN Hz": (webm([0], rate=float("nan")), "out of bounds"),
        "WebM of video's codec": (webm([0], codec=b"A_DTS"), "A_DTS"),
    }


def _silent_mp3(seconds: int) -> bytes:
    """Frames of 24 bytes: MPEG-2, 8 kbit/s, 24 kHz, mono, with nothing in them."""
    frame = bytes([0xFF, 0xF3, 0x14, 0xC0]) + bytes(20)
    return frame * round(seconds / (576 / 24_000))


@pytest.fixture(scope="session")
def streamed(encoded: dict[str, bytes]) -> dict[str, bytes]:
    """The WAV and the FLAC file of `encoded` with heads that do not say how long they are."""
    return {suffix: unknown_length(encoded[suffix]) for suffix in ("wav", "flac")}


@pytest.fixture(scope="session")
def endless_flac() -> bytes:
    """15 silent minutes in a file whose head does not say how long it is."""
    file = io.BytesIO()
    soundfile.write(file, np.zeros(16_000 * 900, np.int16), 16_000, format="FLAC")
    return unknown_length(file.getvalue())


@pytest.fixture(scope="session")
def opus_that_lies() -> bytes:
    """Eight hours of silent packets; every page says that it ends at one second."""
    return opus_silence(EIGHT_HOURS, lambda samples: min(samples, 48_000))
