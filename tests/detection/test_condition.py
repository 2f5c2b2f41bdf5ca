import numpy as np
import pytest

from voxproof.audio import Audio, speech_segments
from voxproof.detection.condition import clipped_share, holds_music, inspect


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


def test_clipped_share_counts_runs_alone():
    samples = np.zeros(1000, np.float32)
    samples[10] = 1.0  # one sample at the peak is no clipping
    assert clipped_share(samples) == 0.0
    samples[20:25] = 1.0
    samples[30:33] = -1.0
    assert clipped_share(samples) == pytest.approx(8 / 1000)
    assert clipped_share(np.zeros(0, np.float32)) == 0.0


def test_a_hum_far_below_the_speech_is_no_music(speech):
    time = np.arange(len(speech.samples)) / 16_000
    hum = 10 ** (-45 / 20) * np.abs(speech.samples).max() * np.sin(2 * np.pi * 100 * time)
    audio = Audio((speech.samples + hum).astype(np.float32), 16_000)
    assert not holds_music(audio, speech_segments(audio))
