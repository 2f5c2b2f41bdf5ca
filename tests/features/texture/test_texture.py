"""Texture: known signals have known textures; level, length and silence do no harm."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import solve_toeplitz

from voxproof.features.texture import RESOLUTIONS, excitation_texture, modulation_texture, plane_texture, texture
from voxproof.features.texture.excitation import levinson
from voxproof.features.texture.plane import band_means, spectrum

LENGTH = len(texture(np.ones(100, np.float32)))


def measures(vector, resolution):
    """The means (not deviations) of the eight measures of the plane, `(8, bands)`, cut at the smallest band count."""
    bands = resolution.bands
    return vector[: 16 * bands].reshape(8, 2, bands)[:, 0]


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_bands_average(resolution):
    matrix = band_means(resolution.bins, resolution.bands)
    assert matrix.shape == (resolution.bins, resolution.bands)
    np.testing.assert_allclose(matrix.sum(0), 1.0, rtol=1e-5)
    assert matrix[0].sum() == 0  # 0 Hz is no speech
    assert ((matrix > 0).sum(1) <= 1).all()


def test_the_spectrum_of_a_tone_stands_at_its_bin():
    tone = np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000).astype(np.float32)
    magnitude = np.abs(spectrum(tone, RESOLUTIONS[0]))
    assert magnitude.shape == (1 + 16_000 // 256, 461)
    assert (magnitude[2:-2].argmax(1) == 64).all()  # 1000 Hz / (16000 / 1024)


def test_phase_goes_on_in_a_tone_and_not_in_noise():
    time = np.arange(32_000) / 16_000
    tone = np.sin(2 * np.pi * 1000 * time).astype(np.float32)
    noise = np.random.default_rng(0).standard_normal(32_000).astype(np.float32)
    for resolution in RESOLUTIONS:
        band = int(
            np.flatnonzero(band_means(resolution.bins, resolution.bands)[round(1000 / 16_000 * resolution.n_fft)])[0]
        )
        steady = measures(plane_texture(tone, resolution), resolution)[5, band]
        random = measures(plane_texture(noise / np.abs(noise).max(), resolution), resolution)[5]
        assert steady > 0.95
        assert np.abs(random.mean()) < 0.45  # overlapping windows share samples, so not quite zero
        assert steady > random.max() + 0.2


def test_a_click_has_one_group_delay():
    lone = np.zeros(16_000, np.float32)
    lone[::128] = 1.0
    resolution = RESOLUTIONS[2]
    assert measures(plane_texture(lone, resolution), resolution)[6].mean() > 0.9
    noise = np.random.default_rng(0).standard_normal(16_000).astype(np.float32)
    assert measures(plane_texture(noise, resolution), resolution)[6].mean() < 0.6


def test_the_residual_of_pulses_is_peakier_than_that_of_noise(speech):
    pulses = np.zeros(16_000, np.float32)
    pulses[::160] = 1.0
    noise = np.random.default_rng(0).standard_normal(16_000).astype(np.float32)
    assert excitation_texture(pulses)[0] > excitation_texture(noise)[0] + 1.0
    # Gaussian noise has a kurtosis of 3; under a window w it is 3 <w^4> / <w^2>^2.
    window = np.hamming(480)[20:-20]
    expected = 3 * (window**4).mean() / (window**2).mean() ** 2
    assert excitation_texture(noise)[0] == pytest.approx(np.log(expected), abs=0.1)


def test_modulation_shows_the_rate_of_an_envelope():
    time = np.arange(32_000) / 16_000
    noise = np.random.default_rng(0).standard_normal(32_000)
    moved = (noise * (1 + 0.9 * np.sin(2 * np.pi * 8 * time))).astype(np.float32)
    still = noise.astype(np.float32)
    change = (modulation_texture(moved) - modulation_texture(still)).reshape(-1, 24).mean(1)
    edges = np.unique(np.round(np.geomspace(1, 128, 17)).astype(int)) * (250 / 256)
    peak = int(change.argmax())
    assert edges[peak] <= 8.8
    assert edges[peak + 1] >= 7.2


def test_levinson_solves_the_normal_equations():
    rng = np.random.default_rng(1)
    frames = rng.standard_normal((4, 200))
    correlation = np.stack([[(f[: 200 - k] * f[k:]).sum() for k in range(7)] for f in frames])
    for row, filter_ in zip(correlation, levinson(correlation), strict=True):
        np.testing.assert_allclose(filter_, -solve_toeplitz(row[:6], row[1:]), rtol=1e-8)


@settings(max_examples=20, deadline=None)
@given(samples=st.integers(0, 20_000), gain=st.floats(1e-3, 1.0), start=st.integers(0, 30_000))
def test_any_length_and_level(speech_samples, samples, gain, start):
    part = speech_samples[start : start + samples]
    vector = texture(part)
    assert vector.shape == (LENGTH,)
    assert vector.dtype == np.float32
    assert np.isfinite(vector).all()
    if samples >= 8000:  # in very short sound a rounding error decides which frames are pauses
        louder = texture((part * gain).astype(np.float32))
        assert np.abs(louder - vector).mean() < 1e-3


@pytest.fixture(scope="module")
def speech_samples(speech):
    return speech.resampled(16_000).samples


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(16_000), np.ones(16_000), np.full(3, 0.5)])
def test_what_is_no_speech_has_a_texture_too(samples):
    vector = texture(samples.astype(np.float32))
    assert vector.shape == (LENGTH,)
    assert np.isfinite(vector).all()
