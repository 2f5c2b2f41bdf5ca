import numpy as np
import pytest

from voxproof.degradation.level import clipping, gain, gain_under, keep_level, normalisation, offset, power


def test_power_and_gains_by_hand():
    three, four = np.full(10, 3.0, np.float32), np.full(10, 4.0, np.float32)
    assert power(three) == 9.0
    assert power(np.zeros(0, np.float32)) == 0.0
    assert gain_under(three, four, 0.0) == pytest.approx(0.75)
    assert gain_under(three, four, 20.0) == pytest.approx(0.075)
    np.testing.assert_allclose(keep_level(three, four), three)


def test_gain_is_one_factor_or_clips_at_full_scale(speech):
    samples = speech.samples[16_000:48_000] * np.float32(0.9 / np.abs(speech.samples[16_000:48_000]).max())
    clipped = 0
    for seed in range(40):
        changed = gain(samples, np.random.default_rng(seed))
        assert np.abs(changed).max() <= 1.0
        factors = changed[np.abs(samples) > 0.01] / samples[np.abs(samples) > 0.01]
        assert 10 ** (-30 / 20) - 1e-6 <= factors.max() <= 10 ** (10 / 20) + 1e-6
        cut = np.abs(changed) == 1.0
        clipped += bool(cut.any())
        if not cut.any():
            np.testing.assert_allclose(factors, factors[0], rtol=1e-4)
    assert 1 <= clipped < 20


def test_offset_and_normalisation(speech):
    samples = speech.samples[:16_000]
    moved = offset(samples, np.random.default_rng(0)) - samples
    assert 0.001 <= abs(moved[0]) <= 0.1
    np.testing.assert_allclose(moved, moved[0], atol=1e-6)
    peaks = [np.abs(normalisation(samples, np.random.default_rng(seed))).max() for seed in range(20)]
    assert 0.3 <= min(peaks) < 0.5 < 0.8 < max(peaks) <= 1.0


def test_clipping_makes_flat_tops_of_a_known_share(speech):
    samples = speech.samples[16_000:48_000]
    for seed in range(6):
        changed = clipping(samples, np.random.default_rng(seed))
        flat = (np.abs(changed) == np.abs(changed).max()).mean()
        assert 10**-3.4 <= flat <= 10**-1.45
