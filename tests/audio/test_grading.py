import numpy as np
import pytest

from voxproof.audio import Audio, resample
from voxproof.audio.quality import bandwidth, clipping, grade_reference
from voxproof.errors import AudioError


def test_a_good_reference_has_no_notes(voices: dict[str, Audio]) -> None:
    for voice in voices.values():
        grade = grade_reference(voice)
        assert grade.notes == ()
        assert 7 < grade.speech < grade.duration
        assert 15 < grade.snr < 60
        assert grade.clipped == 0
        assert grade.bandwidth > 7_000


def test_noise_is_measured_and_noted(speech: Audio) -> None:
    level = float(np.sqrt(np.mean(speech.samples**2)))
    noise = np.random.default_rng(3).normal(0, 1, len(speech.samples)).astype(np.float32)
    ratios = []
    for decibels in (20, 10):
        grade = grade_reference(Audio(speech.samples + level * 10 ** (-decibels / 20) * noise, speech.rate))
        ratios.append(grade.snr)
        assert grade.snr == pytest.approx(decibels, abs=3)  # speech alone is a little louder than with its pauses
    assert ratios[0] > ratios[1]
    assert any("noisy" in note for note in grade.notes)


def test_clipping_is_measured_and_noted(speech: Audio) -> None:
    cut = Audio(np.clip(speech.samples, -0.15, 0.15) * 4, speech.rate)
    share = float(np.mean(np.abs(cut.samples) >= 0.6 * 0.999))
    assert clipping(cut.samples) == pytest.approx(share, rel=0.4)  # runs of one and two samples do not count
    assert any("clipped" in note for note in grade_reference(cut).notes)
    assert clipping(speech.samples) == 0


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(10), np.ones(2)])
def test_clipping_of_hardly_anything(samples: np.ndarray) -> None:
    assert clipping(samples.astype(np.float32)) == 0


def test_telephone_is_noted(speech: Audio) -> None:
    narrow = resample(resample(speech.samples, 16_000, 8_000), 8_000, 16_000)
    assert 3_500 < bandwidth(narrow, 16_000) < 4_300
    assert any("telephone" in note for note in grade_reference(Audio(narrow, 16_000)).notes)


def test_quiet_and_short_are_noted(speech: Audio) -> None:
    quiet = grade_reference(Audio(speech.samples * 0.02, speech.rate))
    assert any("quiet" in note for note in quiet.notes)
    short = grade_reference(Audio(speech.samples[:48_000], speech.rate))
    assert any("of speech" in note for note in short.notes)


def test_an_offset_is_not_noise(speech: Audio) -> None:
    shifted = grade_reference(Audio(speech.samples * 0.5 - 0.1, speech.rate))
    assert shifted.snr == pytest.approx(grade_reference(speech).snr, abs=1)


def music() -> np.ndarray:
    """Plucked chords, four a second."""
    time = np.arange(16_000 * 6) / 16_000
    decay = np.exp(-3 * (4 * time % 1))
    return 0.1 * sum(np.sin(2 * np.pi * hz * time) * decay for hz in (220.0, 277.2, 329.6, 440.0, 660.0))


@pytest.mark.parametrize(
    ("samples", "mentions"),
    [
        (np.zeros(48_000), "silence"),
        (np.random.default_rng(5).normal(0, 1e-4, 48_000), "silence"),
        (music(), "no speech"),
        (np.random.default_rng(6).normal(0, 0.1, 48_000), "no speech"),
        (np.zeros(0), "silence"),
    ],
)
def test_no_reference_at_all(samples: np.ndarray, mentions: str) -> None:
    with pytest.raises(AudioError, match=mentions) as caught:
        grade_reference(Audio(samples, 16_000), "me.wav")
    assert "me.wav" in str(caught.value)


def test_less_than_a_second_of_speech(speech: Audio) -> None:
    with pytest.raises(AudioError, match=r"0\.\d+ s of speech"):
        grade_reference(Audio(speech.samples[9_000:21_000], 16_000))
