"""Every attack on real speech: deterministic, finite, as long as it says, and it does what its name says."""

import numpy as np
import pytest

from voxproof.evaluation.attacks import ATTACKS, RATE
from voxproof.evaluation.attacks.rerecording import loudspeaker
from voxproof.evaluation.attacks.splicing import half_real
from voxproof.evaluation.attacks.stretching import phase_vocoder, shifted, wsola
from voxproof.evaluation.attacks.trimming import trimmed
from voxproof.features import f0

LENGTHS = {"tempo -5 %": 1 / 0.95, "tempo +5 %": 1 / 1.05}


@pytest.fixture(scope="module")
def clip(voices):
    return voices["anna"].samples[8_000:40_000]


@pytest.fixture(scope="module")
def other(voices):
    return voices["ben"].samples[:24_000]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_changes_speech_and_keeps_to_its_seed(attack, clip, other):
    if attack.missing:
        pytest.skip(attack.missing)
    made = attack.run(clip, other, np.random.default_rng(3))
    assert made.dtype == np.float32
    assert np.isfinite(made).all()
    assert 0 < np.abs(made).max() <= 1
    if attack.name not in ("trimmed", "spliced"):
        assert abs(len(made) / len(clip) - LENGTHS.get(attack.name, 1.0)) < 0.01
        size = min(len(made), len(clip))
        assert np.abs(made[:size] - clip[:size]).max() > 1e-3
    np.testing.assert_array_equal(made, attack.run(clip, other, np.random.default_rng(3)))


def test_names_are_told_apart():
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert all(attack.about for attack in ATTACKS)


@pytest.mark.parametrize("stretch", [wsola, phase_vocoder])
def test_a_stretch_keeps_the_pitch_and_changes_the_length(stretch, clip):
    longer = stretch(clip, 0.8)
    assert len(longer) == round(len(clip) / 0.8)
    before, after = (np.median(hz[hz > 0]) for hz in (f0(part, RATE, 200) for part in (clip, longer)))
    assert after == pytest.approx(before, rel=0.03)


@pytest.mark.parametrize("stretch", [wsola, phase_vocoder])
def test_a_stretch_by_nothing_gives_the_samples_back(stretch, clip):
    np.testing.assert_allclose(stretch(clip, 1.0)[1000:-1000], clip[1000:-1000], atol=2e-3)


@pytest.mark.parametrize("semitones", [-2.0, 2.0])
def test_pitch_moves_by_semitones(semitones, clip):
    moved = shifted(clip, semitones, wsola)
    assert len(moved) == len(clip)
    before, after = (np.median(hz[hz > 0]) for hz in (f0(part, RATE, 200) for part in (clip, moved)))
    assert after / before == pytest.approx(2 ** (semitones / 12), rel=0.03)


def test_a_tone_keeps_its_frequency():
    tone = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE).astype(np.float32)
    for stretch in (wsola, phase_vocoder):
        spectrum = np.abs(np.fft.rfft(stretch(tone, 1.05)[2000:-2000] * np.hanning(len(stretch(tone, 1.05)) - 4000)))
        assert np.argmax(spectrum) * RATE / (2 * (len(spectrum) - 1)) == pytest.approx(440, abs=3)


def test_a_small_loudspeaker_has_no_bass():
    rng = np.random.default_rng(0)
    noise = 0.1 * rng.standard_normal(RATE).astype(np.float32)
    level = np.abs(np.fft.rfft(loudspeaker(noise)))  # a bin a hertz
    assert level[20:100].mean() < 0.1 * level[1000:3000].mean()


def test_half_is_another_recording():
    fake, real = np.full(16_000, 0.5, np.float32), np.zeros(16_000, np.float32)
    real[::2] = 0.5
    joined = half_real(fake, real, np.random.default_rng(0))
    even, odd = joined[::2][: len(joined) // 2], joined[1::2]
    assert 0.4 < (np.abs(even - odd) > 0.04).mean() < 0.6


def test_trimming_takes_the_silence(voices):
    speech = voices["anna"].samples[:32_000]
    padded = np.pad(speech, 16_000)
    left = trimmed(padded, np.random.default_rng(0))
    assert 0.5 * RATE < len(left) <= len(speech) + 0.1 * RATE
