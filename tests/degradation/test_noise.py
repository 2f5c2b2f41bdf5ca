import numpy as np
import pytest

from voxproof.degradation import CONDITIONS
from voxproof.degradation.conditions import music_under, pink_noise, white_noise
from voxproof.degradation.level import add_under, power
from voxproof.degradation.noise import babble, coloured, hum, music, noise


def spectrum(samples):
    return np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2


@pytest.mark.parametrize("decibels", [-5.0, 0.0, 10.0, 33.3])
def test_noise_lies_exactly_so_far_under_the_speech(decibels, speech):
    samples = speech.samples[:32_000]
    for under in (white_noise, pink_noise, music_under):
        added = under(decibels)(samples, np.random.default_rng(1)).astype(np.float64) - samples
        assert 10 * np.log10(power(samples) / power(added)) == pytest.approx(decibels, abs=0.01)


@pytest.mark.parametrize("name", ["noise-20dB", "noise-10dB", "noise-5dB", "babble-10dB", "white-noise-15dB"])
def test_conditions_mean_what_they_are_called(name, speech):
    samples = speech.samples[:48_000]
    added = CONDITIONS[name](samples, np.random.default_rng(2)).astype(np.float64) - samples
    wanted = float(name.split("-")[-1].removesuffix("dB"))
    assert 10 * np.log10(power(samples) / power(added)) == pytest.approx(wanted, abs=0.01)


def test_silence_gets_no_noise():
    silent = np.zeros(1000, np.float32)
    assert not add_under(silent, np.ones(1000, np.float32), 10).any()
    assert not noise(silent, np.random.default_rng(0)).any()


@pytest.mark.parametrize(("slope", "falls"), [(0.0, 0.0), (-0.5, 3.01), (-1.0, 6.02)])
def test_colours_fall_by_so_many_dB_an_octave(slope, falls):
    power_at = spectrum(coloured(160_000, slope, np.random.default_rng(0)))
    octaves = [power_at[10 * low : 20 * low].mean() for low in (500, 1000, 2000)]
    assert np.diff(10 * np.log10(octaves)) == pytest.approx([-falls, -falls], abs=0.3)


def test_hum_sounds_at_the_mains_alone(speech):
    samples = speech.samples[:48_000]
    for seed in range(4):
        added = hum(samples, np.random.default_rng(seed)) - samples
        peak = np.argmax(spectrum(added * np.hanning(len(added)))) / 3  # Hz
        assert min(peak % mains for mains in (50, 60)) < 3 or min(-peak % mains for mains in (50, 60)) < 3
        assert spectrum(added)[3 * 1300 :].sum() < 1e-3 * spectrum(added).sum()


def test_music_holds_notes_that_stay_on_their_pitch():
    sound = music(48_000, np.random.default_rng(0))
    power_at = spectrum(sound * np.hanning(len(sound)))
    assert np.sort(power_at)[-200:].sum() > 0.5 * power_at.sum()  # tones: a hundredth of all bins holds the most of it


def test_babble_is_made_of_the_pool(speech, voices):
    samples = speech.samples[:32_000]
    pool = [voices["ben"].samples, voices["carl"].samples]
    with_pool = babble(samples, np.random.default_rng(3), pool=pool)
    assert not np.array_equal(with_pool, babble(samples, np.random.default_rng(3)))
    assert np.array_equal(babble(samples, np.random.default_rng(3), pool=[np.zeros(100, np.float32)]), samples)
