"""Headers agree with what decoding finds, and need none of it."""

from pathlib import Path

import pytest

from voxproof.audio import read_audio
from voxproof.audio.header import read_header
from voxproof.errors import AudioError

CODECS = {
    "wav": "pcm_s16le", "sph": "pcm_s16le", "flac": "flac", "mp3": "mp3", "ogg": "vorbis", "opus": "opus",
    "m4a": "aac", "alac.m4a": "alac", "mp4": "opus", "webm": "opus",
}  # fmt: skip


@pytest.mark.parametrize("suffix", CODECS)
def test_a_header_says_what_decoding_finds(suffix: str, encoded: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "clip"
    path.write_bytes(encoded[suffix])
    found, decoded = read_header(path), read_audio(path)
    assert found.seconds == pytest.approx(decoded.duration, abs=0.12)
    assert found.rate == decoded.rate
    assert found.channels == 1
    assert found.codec == CODECS[suffix]


def test_a_recording_of_hours_has_a_header(tmp_path: Path, encoded: dict[str, bytes]) -> None:
    path = tmp_path / "party.wav"
    hours = 16_000 * 2 * 3600 * 2  # bytes of sound, most of them a hole in the file
    head = bytearray(encoded["wav"][:44])
    head[40:44] = hours.to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(head)
        file.truncate(44 + hours)
    assert read_header(path).seconds == pytest.approx(7200, abs=1)


@pytest.mark.parametrize("name", ["text", "png", "empty", "SPHERE cut within the header", "M4A without index"])
def test_what_has_none_is_refused(name: str, hostile: dict[str, tuple[bytes, str]], tmp_path: Path) -> None:
    path = tmp_path / "clip.wav"
    path.write_bytes(hostile[name][0])
    with pytest.raises(AudioError, match=r"clip\.wav"):
        read_header(path)
