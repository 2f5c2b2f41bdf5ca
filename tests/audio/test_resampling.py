import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.audio import Audio, resample
from voxproof.errors import AudioError

RATES = st.sampled_from([4_000, 8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000, 192_000])


@settings(max_examples=100, deadline=None)
@given(length=st.integers(0, 5_000), source=RATES, target=RATES)
def test_length(length: int, source: int, target: int) -> None:
    samples = np.random.default_rng(length).uniform(-0.5, 0.5, length).astype(np.float32)
    moved = resample(samples, source, target)
    assert moved.dtype == np.float32
    assert len(moved) == round(length * target / source)
    assert np.isfinite(moved).all()


def test_speech_survives_the_way_up_and_back(speech: Audio) -> None:
    back = speech.resampled(44_100).resampled(16_000)
    assert len(back.samples) == len(speech.samples)
    error = back.samples - speech.samples  # what lies above 0.9 of the band is not kept
    assert 10 * np.log10(np.mean(error**2) / np.mean(speech.samples**2)) < -30


def test_a_tone_keeps_frequency_phase_and_level() -> None:
    time = np.arange(48_000) / 48_000
    moved = resample(np.sin(2 * np.pi * 440 * time).astype(np.float32), 48_000, 16_000)
    expected = np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    np.testing.assert_allclose(moved[500:-500], expected[500:-500], atol=1e-3)


def test_nothing_folds_back() -> None:
    time = np.arange(48_000) / 48_000
    moved = resample(np.sin(2 * np.pi * 11_000 * time).astype(np.float32), 48_000, 16_000)
    assert np.sqrt(np.mean(moved[500:-500] ** 2)) < 1e-4


@pytest.mark.parametrize("rate", [0, -16_000, 3_999, 192_001])
def test_rates_out_of_bounds(rate: int, speech: Audio) -> None:
    with pytest.raises(AudioError, match="Hz"):
        speech.resampled(rate)
