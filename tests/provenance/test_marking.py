"""The mark on real voices: there, with its number, after what happens to sound; and nowhere else."""

from collections.abc import Callable

import numpy as np
import pytest
import soxr

from voxproof.audio import Audio, resample
from voxproof.errors import AudioError, ModelError
from voxproof.provenance import MARK, MarkReading, mark, read_mark, watermarks

PAYLOAD = 0xBEEF  # what the fixture `marked` carries
Coded = Callable[[Audio, str, str, int], Audio]


def _carries(audio: Audio, payload: int = PAYLOAD) -> MarkReading:
    reading = read_mark(audio)
    assert reading.present, reading
    assert reading.payload == payload, reading
    return reading


def test_marked_voices_are_read_and_unmarked_ones_are_not(voices: dict[str, Audio], marked: dict[str, Audio]) -> None:
    for name, voice in marked.items():
        assert len(voice.samples) == 5 * voice.rate
        assert _carries(voice).score > 2 * _carries(voice).threshold
        plain = read_mark(voices[name])
        assert plain == MarkReading(False, None, plain.score, plain.threshold)
        assert plain.score < plain.threshold


@pytest.mark.parametrize(
    ("codec", "container", "kilobits"),
    [("libmp3lame", "mp3", 64), ("libmp3lame", "mp3", 32), ("libopus", "ogg", 32), ("libopus", "ogg", 16)],
)
def test_codecs_leave_it(marked: dict[str, Audio], coded: Coded, codec: str, container: str, kilobits: int) -> None:
    for voice in marked.values():
        _carries(coded(voice, codec, container, kilobits))


def test_telephone_rate_and_noise_leave_it(marked: dict[str, Audio]) -> None:
    random = np.random.default_rng(1)
    for voice in marked.values():
        _carries(voice.resampled(8_000))
        level = np.sqrt(np.mean(voice.samples**2)) / 10  # 20 dB below
        _carries(Audio(voice.samples + level * random.standard_normal(len(voice.samples), np.float32), voice.rate))
        _carries(Audio(voice.samples * 0.01, voice.rate))


@pytest.mark.parametrize("start", [1, 777, 20_001, 40_003])
def test_two_seconds_from_anywhere_are_enough(marked: dict[str, Audio], start: int) -> None:
    for voice in marked.values():
        _carries(Audio(voice.samples[start : start + 2 * voice.rate], voice.rate))


@pytest.mark.parametrize("speed", [0.98, 0.987, 1.013, 1.02])
def test_speed_is_found_and_undone(marked: dict[str, Audio], speed: float) -> None:
    for voice in marked.values():
        faster = soxr.resample(voice.samples, voice.rate * speed, voice.rate)
        assert _carries(Audio(faster, voice.rate)).speed == pytest.approx(speed, abs=0.006)


def test_half_a_minute_is_read_in_pieces_and_a_marked_piece_among_others_is_found(
    voices: dict[str, Audio], marked: dict[str, Audio]
) -> None:
    real = np.concatenate([voices[name].samples for name in ("ben", "carl", "dora")])
    assert not read_mark(Audio(real, 16_000)).present
    _carries(Audio(np.concatenate([real, marked["anna"].samples, marked["anna"].samples]), 16_000))


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000])
def test_other_rates_keep_their_rate_their_length_and_what_sounds_above_the_mark(speech: Audio, rate: int) -> None:
    audio = Audio(resample(speech.samples[:48_000], 16_000, rate), rate)
    held = mark(audio, 1234)
    assert (held.rate, len(held.samples)) == (rate, len(audio.samples))
    _carries(held, 1234)
    change = np.abs(np.fft.rfft(held.samples - audio.samples)) ** 2
    hertz = np.fft.rfftfreq(len(audio.samples), 1 / rate)
    assert change[hertz > 4000].sum() < 1e-4 * change.sum() if rate > 8_000 else True


def test_it_costs_little_quality(voices: dict[str, Audio], marked: dict[str, Audio]) -> None:
    pesq = pytest.importorskip("pesq")
    for name, voice in marked.items():
        assert pesq.pesq(16_000, voices[name].samples[: len(voice.samples)], voice.samples, "wb") > 4.0


def test_only_its_own_key_reads_it(speech: Audio) -> None:
    audio = Audio(speech.samples[:48_000], 16_000)
    held = mark(audio, 42, key="our secret")
    assert read_mark(held, key=b"our secret").payload == 42
    assert not read_mark(held).present


def test_marked_again_the_last_number_counts(marked: dict[str, Audio]) -> None:
    for payload in (0, 0xFFFF):
        _carries(mark(marked["anna"], payload), payload)


@pytest.mark.parametrize("seconds", [0.5, 0.8, 1.5])
def test_short_speech_keeps_its_length(voices: dict[str, Audio], seconds: float) -> None:
    for voice in voices.values():
        start = int(np.convolve(voice.samples**2, np.ones(int(seconds * 16_000)), "valid").argmax())
        audio = Audio(voice.samples[start : start + int(seconds * 16_000)], 16_000)
        held = mark(audio, PAYLOAD)
        assert len(held.samples) == len(audio.samples)
        _carries(held)


@pytest.mark.parametrize("length", [1, 800, 3200])
def test_what_is_too_short_gets_a_quiet_tail(speech: Audio, length: int) -> None:
    audio = Audio(speech.samples[20_000 : 20_000 + length], 16_000)
    held = mark(audio, PAYLOAD)
    _carries(held)
    if len(held.samples) > length:
        assert held.duration == 2.5
        loudest = max(np.abs(audio.samples).max(), 0.01)
        assert np.abs(held.samples[length + 512 :]).max() < loudest


def test_even_silence_is_marked() -> None:
    held = mark(Audio(np.zeros(48_000, np.float32), 16_000), PAYLOAD)
    assert 0 < np.abs(held.samples).max() < 0.01
    assert len(held.samples) == 48_000
    _carries(held)


def test_full_scale_sound_does_not_clip(speech: Audio) -> None:
    loud = Audio(np.clip(speech.samples[:48_000] * 50, -1, 1), 16_000)
    held = mark(loud, PAYLOAD)
    assert np.count_nonzero(np.abs(held.samples) >= 1) <= 1
    _carries(held)


def test_nothing_cannot_be_marked_and_carries_none() -> None:
    empty = Audio(np.zeros(0, np.float32), 16_000)
    with pytest.raises(AudioError, match="no sound to mark"):
        mark(empty, 1)
    assert not read_mark(empty).present


def test_a_payload_is_16_bits(speech: Audio) -> None:
    with pytest.raises(ValueError, match="0 to 65535"):
        mark(speech, 1 << 16)


def test_arrays_and_paths_are_read_too(marked: dict[str, Audio], voice_path: Callable[[str], object]) -> None:
    assert read_mark(marked["ben"].samples, rate=16_000).payload == PAYLOAD
    assert not read_mark(voice_path("ben")).present  # type: ignore[arg-type]


def test_marks_are_engines_like_others() -> None:
    assert MARK in watermarks.names()
    assert watermarks.get(MARK).name == MARK
    with pytest.raises(ModelError, match="no watermark is called"):
        watermarks.get("none")


def test_a_reading_says_what_it_found(marked: dict[str, Audio]) -> None:
    assert str(read_mark(marked["dora"])) == "Voxproof watermark, number beef"
    assert str(MarkReading(False, None, 5.0, 7.3)) == "no Voxproof watermark"
    assert "not readable" in str(MarkReading(True, None, 7.5, 7.3))
