"""Against RawBoost's own definitions (arXiv:2111.04433)."""

import numpy as np
import pytest
from scipy import signal

from voxproof.degradation.level import power
from voxproof.degradation.rawboost import (
    convolutive_noise,
    notch_filters,
    signal_dependent_noise,
    stationary_noise,
)


class Scripted:
    """A generator that gives what it is told, in order."""

    def __init__(self, *uniform, integers=()):
        self.given, self.whole = list(uniform), list(integers)

    def uniform(self, low, high, size=None):
        return np.reshape(self.given.pop(0), size) if size else self.given.pop(0)

    def integers(self, low, high, size=None):
        return np.reshape(self.whole.pop(0), size)


def test_a_filter_is_the_paper_s_five_window_designs_one_after_another():
    centres, widths = [500.0, 1500.0, 3000.0, 5000.0, 7900.0], [200.0, 600.0, 1000.0, 150.0, 900.0]
    taps = [10, 21, 60, 99, 41]
    filters = notch_filters(1, Scripted(centres, widths, integers=[taps]))[0]
    expected = np.ones(1)
    for centre, width, count in zip(centres, widths, taps, strict=True):
        high = min(centre + width / 2, 8000 - 1e-3)
        one = signal.firwin(count | 1, [centre - width / 2, high], window="hamming", fs=16_000)
        expected = np.convolve(expected, one)
    expected /= np.abs(signal.freqz(expected, 1, worN=1024)[1]).max()
    half = len(expected) // 2
    np.testing.assert_allclose(np.roll(filters, half)[: len(expected)], expected, atol=2e-4)


def test_filters_never_amplify():
    responses = np.abs(np.fft.rfft(notch_filters(20, np.random.default_rng(0)), axis=-1))
    np.testing.assert_allclose(responses.max(-1), 1.0, rtol=1e-3)


def test_convolution_is_linear_filtering_where_the_powers_vanish(speech):
    # At a level of 1e-4 the squares and cubes are 80 dB down: what is left is the first filter alone.
    quiet = speech.samples[:16_000] * np.float32(1e-4)
    changed = convolutive_noise(quiet, np.random.default_rng(4))
    first = notch_filters(5, np.random.default_rng(4))[0]
    kernel = np.fft.fftshift(first)
    expected = np.convolve(quiet, kernel)[512 : 512 + len(quiet)]
    np.testing.assert_allclose(changed, expected - expected.mean(), atol=2e-8)


def test_loud_sound_gets_harmonics():
    time = np.arange(32_000) / 16_000
    tone = (0.9 * np.sin(2 * np.pi * 500 * time)).astype(np.float32)
    found = 0
    for seed in range(5):
        heard = np.abs(np.fft.rfft(convolutive_noise(tone, np.random.default_rng(seed)))) ** 2
        found += heard[1000 * 2] + heard[1500 * 2] > 1e-5 * heard[500 * 2]
    assert found == 5


def test_impulses_are_in_proportion_and_few(speech):
    samples = speech.samples[:32_000] * np.float32(0.3)
    shares = []
    for seed in range(20):
        changed = signal_dependent_noise(samples, np.random.default_rng(seed))
        hit = changed != samples
        assert (np.abs(changed - samples) <= 2 * np.abs(samples) + 1e-7).all()
        shares.append(hit.mean())
    assert max(shares) <= 0.1
    assert np.mean(shares) == pytest.approx(0.05, abs=0.02)


def test_stationary_noise_lies_10_to_40_dB_under_the_speech(speech):
    samples = speech.samples[:32_000]
    ratios = []
    for seed in range(12):
        added = stationary_noise(samples, np.random.default_rng(seed)).astype(np.float64) - samples
        ratios.append(10 * np.log10(power(samples) / power(added)))
    assert 10 <= min(ratios) < 20 < 30 < max(ratios) <= 40
