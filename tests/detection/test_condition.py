import numpy as np
import pytest

from voxproof.audio import Audio, speech_segments
from voxproof.degradation.quantisation import quantised
from voxproof.detection.condition import WEIGHTS, believed, caution, inspect, without_offset
from voxproof.detection.tones import holds_music, under_speech


def codes(audio):
    return [caution.code for caution in inspect(audio, speech_segments(audio))]


def chords(seconds, level=0.1):
    """Four notes that change every second, each with overtones: music to the ear."""
    time = np.arange(16_000) / 16_000
    parts = []
    for place in range(seconds):
        root = 220 * 2 ** ([0, 5, 7, 3][place % 4] / 12)
        tones = [root * 2 ** (step / 12) for step in (0, 4, 7, 12)]
        parts.append(sum(np.sin(2 * np.pi * tone * k * time) / k for tone in tones for k in (1, 2, 3)))
    return (level * np.concatenate(parts) / 4).astype(np.float32)


def test_clean_speech_gives_no_warning(voices):
    for name, audio in voices.items():
        assert codes(audio) == [], name


def test_silence(speech):
    assert codes(Audio(np.zeros(32_000, np.float32), 16_000)) == ["silent"]
    assert codes(Audio(np.zeros(0, np.float32), 16_000)) == ["silent"]


def test_music_without_speech_is_named():
    found = inspect(Audio(chords(5), 16_000), [])
    assert [caution.code for caution in found] == ["no-speech"]
    assert "music" in found[0].message


def test_noise_is_not_called_music():
    noise = np.random.default_rng(0).normal(0, 0.1, 80_000).astype(np.float32)
    found = inspect(Audio(noise, 16_000), [])
    assert [caution.code for caution in found] == ["no-speech"]
    assert "music" not in found[0].message


def test_music_before_speech_is_heard(speech):
    assert "music" in codes(Audio(np.concatenate([chords(4), speech.samples]), 16_000))


def test_little_speech(speech):
    start, end = speech_segments(speech)[0]
    first = int(start * 16_000)
    assert codes(Audio(speech.samples[first : first + 8_000], 16_000))[:1] in (["too-short"], ["no-speech"])
    assert codes(Audio(speech.samples[first : first + 24_000], 16_000)) == ["short"]
    assert end > start


@pytest.mark.parametrize(("gain", "clipped"), [(1.0, False), (20.0, True)])
def test_clipping(speech, gain, clipped):
    loud = np.clip(speech.samples * gain, -1, 1)
    assert ("clipped" in codes(Audio(loud, 16_000))) == clipped
    # Turned down afterwards, it stays clipped.
    assert ("clipped" in codes(Audio(0.4 * loud, 16_000))) == clipped


def test_a_hum_far_below_the_speech_is_no_music(speech):
    time = np.arange(len(speech.samples)) / 16_000
    hum = 10 ** (-45 / 20) * np.abs(speech.samples).max() * np.sin(2 * np.pi * 100 * time)
    audio = Audio((speech.samples + hum).astype(np.float32), 16_000)
    assert not holds_music(audio, speech_segments(audio))


def test_music_under_speech_is_heard_though_it_never_sounds_alone(speech):
    music = np.resize(chords(4), len(speech.samples))
    music *= speech.samples.std() / music.std() * 10 ** (-12 / 20)
    mixed = Audio(speech.samples + music, 16_000)
    assert under_speech(mixed.samples) > 0.9
    assert "music" in [found.code for found in inspect(mixed, [(0.0, mixed.duration)])]


def test_voices_hold_no_tone(voices):
    for name, audio in voices.items():
        assert under_speech(audio.samples) < 0.5, name


def test_telephones_are_told_by_what_they_leave_out(speech):
    phone = speech.resampled(8_000)
    assert codes(phone) == ["narrow-band"]
    assert codes(phone.resampled(44_100)) == ["narrow-band"]
    assert codes(speech.resampled(11_025).resampled(16_000)) == ["reduced-band"]
    assert codes(speech.resampled(14_600).resampled(16_000)) == []


@pytest.mark.parametrize(("decibels", "expected"), [(30, []), (9, ["noisy"]), (2, ["loud-noise"])])
def test_noise_over_speech(speech, decibels, expected):
    spoken = speech_segments(speech)
    noise = np.random.default_rng(0).standard_normal(len(speech.samples)).astype(np.float32)
    active = np.concatenate([speech.samples[int(a * 16_000) : int(b * 16_000)] for a, b in spoken]).std()
    audio = Audio(0.3 * (speech.samples + noise * active * 10 ** (-decibels / 20)), 16_000)
    assert [found.code for found in inspect(audio, spoken)] == expected


def test_quiet_speech(speech):
    steps = np.round(40 * speech.samples / np.abs(speech.samples).max()) / 32_768
    assert "quiet" in codes(Audio(steps.astype(np.float32), 16_000))


@pytest.mark.parametrize(("bits", "expected"), [(8, ["coarse"]), (11, []), (16, [])])
def test_few_bits(speech, bits, expected):
    scaled = speech.samples / np.abs(speech.samples).max()
    assert codes(Audio(quantised(0.5 * scaled, bits), 16_000)) == expected


def test_weights_are_multiplied_and_lie_between_nothing_and_all():
    assert all(0 < weight < 1 for weight in WEIGHTS.values())
    assert believed([]) == 1.0
    assert believed([caution("music", "m"), caution("noisy", "n")]) == WEIGHTS["music"] * WEIGHTS["noisy"]
    assert caution("silent", "s").weight == 1.0


def test_an_offset_is_taken_out_and_what_has_none_is_left_alone(speech):
    assert without_offset(speech) is speech
    moved = without_offset(Audio(speech.samples * 0.5 + 0.3, 16_000))
    np.testing.assert_allclose(moved.samples, 0.5 * (speech.samples - speech.samples.mean()), atol=1e-5)
    assert len(without_offset(Audio(np.zeros(0, np.float32), 16_000)).samples) == 0
