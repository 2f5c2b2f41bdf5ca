"""Bad input gets one line, within 100 ms and 64 MiB."""

import io
import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voxproof.audio import Audio, as_audio, read_audio
from voxproof.audio.limits import MAX_BYTES
from voxproof.errors import AudioError

WITHIN_S = 0.100
WITHIN_BYTES = 64 * 2**20
NAMES = """empty; text; utf-16 text; zeros; png; jpeg; webp; playlist; WAV header alone; WAV cut within the header;
WAV of 12 bytes; WAV truncated; WAV promises 4 GiB; WAV of 0 Hz; WAV of 4.2 GHz; WAV of 40 channels; WAV of 0 channels;
WAV of 60000 channels; WAV of 7 bits; WAV of MP3; WAV of ADPCM; WAV with NaN; WAV with infinity; WAV of 11 minutes;
WAV of many chunks;
SPHERE header alone; SPHERE cut within the header; SPHERE truncated; SPHERE packed by shorten; SPHERE of 0 Hz;
SPHERE of no rate; SPHERE of 40 channels; SPHERE of 2^59 samples;
RF64 of 2^63 frames; CAF of 2^63 frames; AU of 5 GHz; FLAC header alone; FLAC of 2^36 frames;
FLAC of 0 Hz; FLAC truncated; FLAC of 15 silent minutes; MP3 truncated; MP3 tag alone;
MP3 tag of 256 MiB; MP3 of 30 minutes; Ogg truncated; Opus truncated; Opus headers alone; Opus of 8 silent hours;
Opus of 2^62 frames; Ogg of 40 channels; Ogg of Speex; M4A truncated; M4A without index; M4A that says 8 hours;
M4A of 2^31 packets; M4A of AMR; M4A with copy protection; MP4 with a picture alone; WebM truncated; WebM header alone;
WebM of 8 hours; WebM of 40 channels; WebM of 5 GHz; WebM of NaN Hz; WebM of video's codec"""
HOSTILE = [" ".join(name.split()) for name in NAMES.split(";")]


def refusal(source: object) -> str:
    with pytest.raises(AudioError) as caught:
        read_audio(source)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 300
    return message


def resident(field: str) -> int:
    """Bytes of this process: VmRSS now, VmHWM at its peak since the last reset."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise AssertionError(field)


@pytest.fixture(scope="module", autouse=True)
def _warm(encoded: dict[str, bytes]) -> None:
    read_audio(encoded["webm"])  # the import of PyAV is not what is timed
    read_audio(encoded["opus"])


def test_every_hostile_file_is_named(hostile: dict[str, tuple[bytes, str]]) -> None:
    assert sorted(HOSTILE) == sorted(hostile)


@pytest.mark.parametrize("name", HOSTILE)
def test_refused_in_one_line(name: str, hostile: dict[str, tuple[bytes, str]], tmp_path: Path) -> None:
    data, mentions = hostile[name]
    path = tmp_path / "voice.wav"
    path.write_bytes(data)
    start = time.process_time()
    message = refusal(path)
    assert time.process_time() - start <= WITHIN_S
    assert mentions in message
    assert str(path) in message
    assert mentions in refusal(data)
    assert mentions in refusal(io.BytesIO(data))


@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="the peak of memory cannot be reset here")
@pytest.mark.parametrize("name", HOSTILE)
def test_refused_in_little_memory(name: str, hostile: dict[str, tuple[bytes, str]], tmp_path: Path) -> None:
    path = tmp_path / "voice.wav"
    path.write_bytes(hostile[name][0])
    Path("/proc/self/clear_refs").write_text("5")
    before = resident("VmRSS")
    refusal(path)
    assert resident("VmHWM") - before <= WITHIN_BYTES


def test_eight_hours_of_opus_are_kilobytes(hostile: dict[str, tuple[bytes, str]]) -> None:
    assert len(hostile["Opus of 8 silent hours"][0]) < 800_000


def test_opus_that_lies_about_its_hours_is_bounded(opus_that_lies: bytes) -> None:
    """What a header hides is not decoded: no more comes out than it admits, and no more time goes in."""
    start = time.process_time()
    try:
        seconds = read_audio(opus_that_lies).duration
    except AudioError:
        seconds = 0.0
    assert seconds <= 1.0
    assert time.process_time() - start <= WITHIN_S


def test_flac_that_does_not_say_how_long_it_is_is_bounded(endless_flac: bytes) -> None:
    start = time.process_time()
    assert "too long" in refusal(endless_flac)
    assert time.process_time() - start <= 1.0


def test_missing_file(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "missing.wav")
    assert "download it first" in refusal("https://example.org/voice.wav")


def test_a_name_of_several_lines_stays_in_one(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "two\nlines\x1b[31m.wav")
    assert "cannot be opened" in refusal("voice\0.wav")


def test_folder_and_pipe(tmp_path: Path) -> None:
    assert "folder" in refusal(tmp_path)
    os.mkfifo(tmp_path / "pipe.wav")
    assert "pipe" in refusal(tmp_path / "pipe.wav")  # and does not wait for somebody to write into it


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "closed.wav"
    path.write_bytes(b"RIFF")
    path.chmod(0)
    assert "ermission" in refusal(path)


def test_file_larger_than_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "huge.wav"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES * 4)  # sparse: takes no room
    assert "1024 MiB" in refusal(path)


def test_endless_stream_is_read_to_the_limit_only() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            start = b"RIFF\xff\xff\xff\x7fWAVE" if self.given == 0 else b""
            self.given += size
            return start + bytes(size - len(start))

    endless = Endless()
    assert "MiB" in refusal(endless)
    assert endless.given <= MAX_BYTES + 2 * 2**20


def test_text_mode_and_other_objects(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("words")
    with path.open() as file:
        assert "binary" in refusal(file)
    assert "int" in refusal(7)
    assert "NoneType" in refusal(None)


@pytest.mark.parametrize(
    ("array", "rate", "mentions"),
    [
        (np.zeros(0), 16_000, "0 samples"),
        (np.zeros((0, 2)), 16_000, "0 samples"),
        (np.zeros(100), 0, "0 Hz"),
        (np.zeros(100), 5_000_000_000, "5000000000 Hz"),
        (np.zeros(100), 16_000.5, "no sampling rate"),
        (np.zeros(100), float("nan"), "no sampling rate"),
        (np.zeros(100), "16k", "no sampling rate"),
        (np.zeros((100, 40)), 16_000, "40 channels"),
        (np.zeros((2, 2, 2)), 16_000, "shape"),
        (np.zeros(()), 16_000, "shape"),
        (np.array([0.0, np.nan]), 16_000, "NaN"),
        (np.array([0.0, np.inf]), 16_000, "infinity"),
        (np.array([0.0, 1e300]), 16_000, "infinity"),
        (np.zeros(100, np.int64), 16_000, "full scale"),
        (np.zeros(100, complex), 16_000, "full scale"),
        (np.array(["a"]), 16_000, "full scale"),
        (np.zeros(4_000 * 601), 4_000, "too long"),
    ],
)
def test_arrays_that_are_no_sound(array: np.ndarray, rate: int, mentions: str) -> None:
    with pytest.raises(AudioError, match=mentions):
        as_audio(array, rate=rate)


def test_array_without_rate_and_file_with_one(voice_path) -> None:
    with pytest.raises(AudioError, match="rate="):
        as_audio(np.zeros(100))
    with pytest.raises(AudioError, match="rate="):
        as_audio(voice_path("anna"), rate=16_000)


@pytest.mark.parametrize("cut", [0.02, 0.3, 0.9, 0.99])
@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "ogg", "opus", "m4a", "alac.m4a", "mp4", "webm"])
def test_cut_anywhere(suffix: str, cut: float, encoded: dict[str, bytes]) -> None:
    data = encoded[suffix]
    refusal(data[: int(len(data) * cut)])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), magic=st.sampled_from([b"", b"RIFF", b"fLaC", b"OggS", b"ID3", b"\xff\xfb\x90"]))
def test_random_bytes_are_refused(data: bytes, magic: bytes) -> None:
    with pytest.raises(AudioError):
        read_audio(magic + data)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    suffix=st.sampled_from(["wav", "flac", "mp3", "ogg", "opus", "m4a", "alac.m4a", "webm"]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=8),
    near_start=st.booleans(),
)
def test_damaged_files_are_refused_or_read(
    suffix: str, changes: list[tuple[float, bytes]], near_start: bool, encoded: dict[str, bytes]
) -> None:
    data = bytearray(encoded[suffix])
    for where, new in changes:
        at = int(where * (min(len(data), 300) if near_start else len(data)))
        data[at : at + len(new)] = new
    try:
        audio = read_audio(bytes(data))
    except AudioError:
        return
    assert isinstance(audio, Audio)
    assert np.isfinite(audio.samples).all()
    assert 0 < audio.duration <= 600
    assert np.abs(audio.samples).max() <= 1
