import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from voxproof.audio import Audio, as_audio, read_audio

TOLERANCE = {"wav": 1e-4, "sph": 1e-4, "flac": 1e-4, "alac.m4a": 1e-4}  # the others are lossy: compared by correlation


@pytest.fixture(scope="module")
def clip(speech: Audio) -> Audio:
    """What `encoded` holds."""
    return Audio(speech.samples[8_000:56_000], speech.rate)


def similarity(a: np.ndarray, b: np.ndarray) -> float:
    n = min(len(a), len(b))
    return float(a[:n] @ b[:n] / np.sqrt((a[:n] @ a[:n]) * (b[:n] @ b[:n])))


@pytest.mark.parametrize("suffix", ["wav", "sph", "flac", "mp3", "ogg", "opus", "m4a", "alac.m4a", "mp4", "webm"])
def test_every_format_gives_the_same_speech_at_the_same_time(
    suffix: str, encoded: dict[str, bytes], clip: Audio, tmp_path: Path
) -> None:
    path = tmp_path / "clip.xyz"  # the suffix says nothing
    path.write_bytes(encoded[suffix])
    audio = read_audio(path, rate=16_000)
    assert audio.rate == 16_000
    assert audio.samples.dtype == np.float32
    assert abs(audio.duration - clip.duration) < 0.08  # AAC comes in frames of 64 ms
    if suffix in TOLERANCE:
        np.testing.assert_allclose(audio.samples, clip.samples, atol=TOLERANCE[suffix])
    assert similarity(audio.samples, clip.samples) > 0.95


@pytest.mark.parametrize("suffix", ["wav", "mp3", "webm"])
def test_path_bytes_and_open_files_are_the_same(suffix: str, encoded: dict[str, bytes], tmp_path: Path) -> None:
    data = encoded[suffix]
    path = tmp_path / "clip"
    path.write_bytes(data)
    expected = read_audio(path).samples
    with path.open("rb") as file:
        sources = [str(path), data, bytearray(data), memoryview(data), io.BytesIO(data), file]
        for source in sources:
            np.testing.assert_array_equal(read_audio(source).samples, expected)


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_a_head_that_does_not_know_how_long_it_is(
    suffix: str, encoded: dict[str, bytes], streamed: dict[str, bytes]
) -> None:
    assert streamed[suffix] != encoded[suffix]
    np.testing.assert_array_equal(read_audio(streamed[suffix]).samples, read_audio(encoded[suffix]).samples)


def test_a_stream_is_read_from_where_it_stands(encoded: dict[str, bytes]) -> None:
    stream = io.BytesIO(b"before" + encoded["wav"])
    stream.seek(6)
    assert read_audio(stream).duration == pytest.approx(3.0)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"])
def test_codecs_of_wav(subtype: str, clip: Audio) -> None:
    file = io.BytesIO()
    soundfile.write(file, clip.samples, clip.rate, format="WAV", subtype=subtype)
    np.testing.assert_allclose(read_audio(file.getvalue()).samples, clip.samples, atol=0.02)


def test_wav_with_more_chunks_around_the_sound(encoded: dict[str, bytes]) -> None:
    data = encoded["wav"]
    note = b"LIST\x05\0\0\0hello\0"
    noted = data[:12] + note + data[12:] + note
    np.testing.assert_array_equal(read_audio(noted).samples, read_audio(data).samples)


def test_mp3_with_tags_around_the_sound(encoded: dict[str, bytes]) -> None:
    data = encoded["mp3"]
    tagged = b"ID3\4\0\0\0\0\x08\0" + bytes(1024) + data + b"TAG" + bytes(125)
    np.testing.assert_array_equal(read_audio(tagged).samples, read_audio(data).samples)


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "opus", "mp3"])
def test_channels_are_mixed_by_their_mean(suffix: str, voices: dict[str, Audio]) -> None:
    left, right = voices["anna"].samples[:48_000], voices["ben"].samples[:48_000]
    file = io.BytesIO()
    container = {"opus": "OGG"}.get(suffix, suffix.upper())
    codec = {"opus": "OPUS", "ogg": "VORBIS", "mp3": "MPEG_LAYER_III"}.get(suffix, "PCM_16")
    soundfile.write(file, np.stack([left, right], 1), 16_000, format=container, subtype=codec)
    assert similarity(read_audio(file.getvalue(), rate=16_000).samples, (left + right) / 2) > 0.95


def test_peaks_above_one_are_scaled_not_clipped(clip: Audio) -> None:
    loud = clip.samples / np.abs(clip.samples).max() * 3
    file = io.BytesIO()
    soundfile.write(file, loud, clip.rate, format="WAV", subtype="FLOAT")
    samples = read_audio(file.getvalue()).samples
    assert np.abs(samples).max() == pytest.approx(1.0)
    np.testing.assert_allclose(samples, loud / 3, atol=1e-6)


def test_rate_of_a_file_is_kept_or_asked_for(voice_path: Callable[[str], Path]) -> None:
    assert read_audio(voice_path("anna")).rate == 16_000
    moved = read_audio(voice_path("anna"), rate=22_050)
    assert moved.rate == 22_050
    assert len(moved.samples) == round(146_720 * 22_050 / 16_000)


def test_an_audio_is_itself(speech: Audio) -> None:
    assert as_audio(speech) is speech
    assert read_audio(speech) is speech
    assert read_audio(speech, rate=8_000).rate == 8_000


def test_arrays_of_every_kind(clip: Audio) -> None:
    for array in (
        clip.samples,
        clip.samples.astype(np.float64),
        (clip.samples * 32_768).astype(np.int16),
        (clip.samples.astype(np.float64) * 2**31).astype(np.int32),
        clip.samples[:, None],
        np.stack([clip.samples] * 2),  # channels first, as torch has them
        np.stack([clip.samples] * 2, 1),
    ):
        audio = read_audio(array, rate=16_000.0)
        assert audio.rate == 16_000
        np.testing.assert_allclose(audio.samples, clip.samples, atol=1e-4)
    unsigned = (clip.samples * 127 + 128).astype(np.uint8)
    np.testing.assert_allclose(as_audio(unsigned, rate=16_000).samples, clip.samples, atol=0.02)


@settings(max_examples=60, deadline=None)
@given(
    samples=hnp.arrays(np.int16, st.integers(1, 3_000)),
    rate=st.sampled_from([4_000, 8_000, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000]),
    container=st.sampled_from(["WAV", "FLAC"]),
)
def test_sixteen_bits_come_back_exactly(samples: np.ndarray, rate: int, container: str) -> None:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=container, subtype="PCM_16")
    audio = read_audio(file.getvalue())
    assert audio.rate == rate
    np.testing.assert_array_equal(audio.samples * 32_768, samples)


@settings(max_examples=60, deadline=None)
@given(
    array=hnp.arrays(np.float32, st.tuples(st.integers(1, 50), st.integers(1, 8)), elements=st.floats(-4, 4, width=32))
)
def test_any_array_comes_into_bounds(array: np.ndarray) -> None:
    audio = as_audio(array, rate=16_000)
    assert audio.samples.ndim == 1
    assert np.abs(audio.samples).max() <= 1.0
