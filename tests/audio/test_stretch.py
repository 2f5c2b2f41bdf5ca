"""Stretches: the very samples of the whole, of every format and of recordings that are too long to be read."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.audio import Audio, read_audio
from voxproof.audio.header import read_header
from voxproof.audio.limits import expecting
from voxproof.audio.sequential import SequentialFile
from voxproof.audio.stretch import cut, is_long, read_stretch
from voxproof.audio.writing import FORMATS
from voxproof.errors import AudioError

RATE = 16_000
SECONDS = 640  # more than the reader lets in
SHORT = 60  # of Opus, which takes long to encode
SUFFIXES = ["wav", "flac", "ogg", "opus", "mp3"]


@pytest.fixture(scope="module")
def long(voices: dict[str, Audio], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """`long("flac")`: a recording of more than ten minutes, of real speech."""
    said = np.concatenate([one.samples for one in voices.values()])
    samples = np.tile(said, SECONDS * RATE // len(said) + 1)[: SECONDS * RATE]
    folder = tmp_path_factory.mktemp("long")

    def made(suffix: str) -> Path:
        path = folder / f"hours.{suffix}"
        if not path.exists():
            container, codec = FORMATS[f".{suffix}"]
            count = (SHORT if suffix == "opus" else SECONDS) * RATE
            with SequentialFile(path, "w", samplerate=RATE, channels=1, format=container, subtype=codec) as file:
                for start in range(0, count, RATE):
                    file.write(samples[start : start + RATE])
        return path

    return made


@pytest.fixture(scope="module")
def wholes(long: Callable[[str], Path]) -> Callable[[str], Audio]:
    """What the whole recording is, read once with the limits lifted."""
    known: dict[str, Audio] = {}

    def read(suffix: str) -> Audio:
        if suffix not in known:
            with expecting(SECONDS + 10):
                known[suffix] = read_audio(long(suffix))
        return known[suffix]

    return read


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_stretch_is_a_slice_of_the_whole(suffix, long, wholes) -> None:
    path, whole = long(suffix), wholes(suffix)
    assert is_long(path) == (suffix != "opus")
    if is_long(path):
        with pytest.raises(AudioError, match="too long"):
            read_audio(path)
    late = whole.duration - 3.0
    for start, end in ((0.0, 1.5), (4.00003, 9.7), (late - 20.0, late - 17.7), (late, 0.0)):
        stretch = read_stretch(path, start, end)
        assert stretch.rate == whole.rate
        expected = cut(whole, start, end, "it").samples
        np.testing.assert_array_equal(stretch.samples, expected)


@pytest.mark.parametrize(("suffix", "examples"), [("wav", 40), ("flac", 40), ("ogg", 15)])
def test_any_stretch_is_a_slice_of_the_whole(suffix, examples, long, wholes) -> None:
    path, whole = long(suffix), wholes(suffix)

    @settings(max_examples=examples, deadline=None)
    @given(start=st.integers(0, SECONDS * RATE - 2), length=st.integers(1, 3 * RATE))
    def check(start: int, length: int) -> None:
        end = min(start + length, len(whole.samples))
        stretch = read_stretch(path, start / RATE, end / RATE)
        np.testing.assert_array_equal(stretch.samples, whole.samples[start:end])

    check()


@pytest.mark.parametrize("suffix", ["wav", "sph", "flac", "mp3", "ogg", "opus", "m4a", "alac.m4a", "mp4", "webm"])
def test_stretches_of_every_format(suffix, encoded, tmp_path) -> None:
    path = tmp_path / "clip"
    path.write_bytes(encoded[suffix])
    whole = read_audio(path)
    assert not is_long(path)
    for start, end in ((0.5, 1.25), (0.0, 1.0), (2.5, 0.0), (1.0, whole.duration + 0.05)):
        np.testing.assert_array_equal(read_stretch(path, start, end).samples, cut(whole, start, end, "it").samples)
    assert read_stretch(path, 0.5, 1.5, rate=8_000).rate == 8_000
    for start, end, said in (
        (1.0, 9.0, r"it ends at .* s, before 9\.00 s"),
        (7.0, 0.0, r"it ends at .* s, before 7\.00 s"),
        (2.0, 1.0, "no stretch from 2 s to 1 s"),
        (-1.0, 1.0, "no stretch"),
        (float("nan"), 1.0, "no stretch"),
    ):
        with pytest.raises(AudioError, match=said):
            read_stretch(path, start, end)


def test_the_limits_hold_for_the_stretch(long) -> None:
    with pytest.raises(AudioError, match="too long"):
        read_stretch(long("wav"), 1.0, 630.0)
    with pytest.raises(AudioError, match="too long"):
        read_stretch(long("mp3"), 1.0, 630.0)


def test_hours_cost_no_memory(tmp_path) -> None:
    """A recording of 300 MiB, more than any file that is read as a whole."""
    path = tmp_path / "party.wav"
    soundfile.write(path, np.zeros(1, np.int16), 48_000, subtype="PCM_16")
    head = path.read_bytes()[:-2]
    size = 300 * 2**20
    filled = head[:4] + (size + len(head) - 8).to_bytes(4, "little") + head[8:-4] + size.to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(filled)
        file.truncate(len(filled) + size)  # a hole that reads as silence
    with pytest.raises(AudioError, match="300 MiB are too much"):
        read_audio(path)
    assert read_header(path).seconds == size / 2 / 48_000
    assert read_stretch(path, 3_000.0, 3_001.0).duration == 1.0
    with path.open("rb+") as file:
        file.truncate(len(filled) + size // 2)
    with pytest.raises(AudioError, match="truncated"):
        read_stretch(path, 10.0, 11.0)


@pytest.mark.parametrize(
    "name", ["WAV promises 4 GiB", "FLAC of 2^36 frames", "FLAC truncated", "Opus of 2^62 frames", "WAV of 40 channels",
             "WAV of 0 Hz", "MP3 truncated", "Ogg truncated", "M4A of 2^31 packets", "WebM truncated", "text", "empty"]
)  # fmt: skip
def test_headers_that_lie_are_refused(name, hostile, tmp_path) -> None:
    path = tmp_path / "voice.wav"
    path.write_bytes(hostile[name][0])
    with pytest.raises(AudioError) as caught:
        read_stretch(path, 2.0, 2.9)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_streams_that_do_not_say_how_long_they_are(streamed, encoded, tmp_path) -> None:
    for suffix, data in streamed.items():
        (tmp_path / "stream").write_bytes(data)
        (tmp_path / "file").write_bytes(encoded[suffix])
        found, told = (read_stretch(tmp_path / name, 1.0, 2.0) for name in ("stream", "file"))
        np.testing.assert_array_equal(found.samples, told.samples)
        with pytest.raises(AudioError, match="it ends at"):
            read_stretch(tmp_path / "stream", 8.0, 9.0)


def test_several_channels_and_other_rates(voices, tmp_path) -> None:
    both = np.stack([voices["anna"].samples[:80_000], voices["ben"].samples[:80_000]], 1)
    soundfile.write(tmp_path / "two.flac", both, 44_100)
    whole = read_audio(tmp_path / "two.flac")
    np.testing.assert_array_equal(read_stretch(tmp_path / "two.flac", 0.5, 1.0).samples, whole.samples[22_050:44_100])


def test_nothing_but_the_stretch_is_judged(tmp_path) -> None:
    samples = np.linspace(-0.5, 0.5, 4 * RATE, dtype=np.float32)
    samples[RATE] = np.nan
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype="FLOAT")
    (tmp_path / "nan.wav").write_bytes(file.getvalue())
    assert read_stretch(tmp_path / "nan.wav", 2.0, 3.0).duration == 1.0
    with pytest.raises(AudioError, match=r"NaN \(first at 1\.000 s\)"):
        read_stretch(tmp_path / "nan.wav", 0.5, 3.0)


def test_a_stretch_of_a_webm(long, wholes, tmp_path) -> None:
    path = tmp_path / "video.webm"
    with av.open(str(long("opus"))) as source, av.open(str(path), "w", format="webm") as out:
        stream = out.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    found, whole = read_stretch(path, 50.0, 52.0), wholes("opus")
    expected = cut(whole.resampled(found.rate), 50.0, 52.0, "it").samples
    assert np.corrcoef(found.samples, expected)[0, 1] > 0.9


@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="the peak of memory cannot be reset here")
def test_what_comes_before_is_not_kept(hostile, tmp_path) -> None:
    """Half an hour of MP3 would take 170 MiB as a whole."""
    (tmp_path / "long.mp3").write_bytes(hostile["MP3 of 30 minutes"][0])
    Path("/proc/self/clear_refs").write_text("5")
    before = resident("VmRSS")
    assert read_stretch(tmp_path / "long.mp3", 1700.0, 1702.0).duration == 2.0
    assert resident("VmHWM") - before <= 32 * 2**20


def resident(field: str) -> int:
    """Bytes of this process: VmRSS now, VmHWM at its peak since the last reset."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field))
