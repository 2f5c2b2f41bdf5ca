"""Texture: known signals have known textures; level, length and silence do no harm."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.features.texture import FRAME, MEASURES, RESOLUTIONS, VALUES, frames_in, texture_maps
from voxproof.features.texture.plane import COUNT, band_means, measures, sounding, spectrum


def told(samples, resolution):
    """The eight measures of the plane, means over frames: `(8, bands)`."""
    spectra = spectrum(samples.astype(np.float32), resolution)
    magnitude = np.abs(spectra)
    values = measures(spectra, magnitude, sounding(magnitude), resolution)
    return values.reshape(len(values), COUNT, resolution.bands)[2:-2].mean(0)


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


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_phase_goes_on_in_a_tone_and_not_in_noise(resolution):
    tone = np.sin(2 * np.pi * 1000 * np.arange(32_000) / 16_000)
    noise = np.random.default_rng(0).standard_normal(32_000)
    bands = band_means(resolution.bins, resolution.bands)
    band = int(np.flatnonzero(bands[round(1000 / 16_000 * resolution.n_fft)])[0])
    steady, random = told(tone, resolution)[5, band], told(noise / np.abs(noise).max(), resolution)[5]
    assert steady > 0.95
    assert steady > random.max() + 0.2


def test_a_click_has_one_group_delay():
    clicks = np.zeros(16_000)
    clicks[::64] = 1.0  # one in the middle of each window of 128, and one at each of its ends, where it is zero
    noise = np.random.default_rng(0).standard_normal(16_000)
    assert told(clicks, RESOLUTIONS[2])[6].mean() > 0.9
    assert told(noise, RESOLUTIONS[2])[6].mean() < 0.6


def test_noise_is_flat_and_steps_and_a_tone_is_neither():
    tone = np.sin(2 * np.pi * 1000 * np.arange(32_000) / 16_000)
    noise = np.random.default_rng(0).standard_normal(32_000)
    both = told(tone + 0.01 * noise, RESOLUTIONS[0]), told(0.3 * noise, RESOLUTIONS[0])
    band = int(np.flatnonzero(band_means(461, 40)[64])[0])
    # The mean logarithm of a Rayleigh distribution, less the logarithm of its mean.
    assert both[1][1].mean() == pytest.approx(-np.euler_gamma / 2 - np.log(np.sqrt(np.pi) / 2), abs=0.06)
    assert both[0][1, band] < both[1][1, band] - 0.5
    assert both[0][2, band] < both[1][2, band]


@settings(max_examples=20, deadline=None)
@given(samples=st.integers(0, 20_000), gain=st.floats(1e-3, 1.0), start=st.integers(0, 30_000))
def test_any_length_and_level(speech_samples, samples, gain, start):
    part = speech_samples[start : start + samples]
    maps = texture_maps(part)
    assert maps.shape == (frames_in(len(part)), VALUES)
    assert maps.dtype == np.float32
    assert np.isfinite(maps).all()
    assert ((maps[:, MEASURES] >= 0) & (maps[:, MEASURES] <= 1)).all()
    if samples >= 8000:  # in very short sound a rounding error decides which frames are pauses
        assert np.abs(texture_maps((part * gain).astype(np.float32)) - maps).mean() < 1e-3


def test_a_stretch_has_the_texture_it_has_within_the_whole(speech_samples):
    whole = texture_maps(speech_samples[: 4 * 16_000])
    part = texture_maps(speech_samples[16_000 : 3 * 16_000])
    inner = slice(10, -10)
    # Levels are told against the mean of what is heard at once, so they are left out.
    steps = np.r_[40:320, 360:640, 668:864]
    agree = np.corrcoef(whole[50:150][inner][:, steps].ravel(), part[inner][:, steps].ravel())[0, 1]
    assert agree > 0.95
    assert len(part) == 100
    assert FRAME == 320


@pytest.fixture(scope="module")
def speech_samples(speech):
    return speech.resampled(16_000).samples


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(16_000), np.ones(16_000), np.full(3, 0.5)])
def test_what_is_no_speech_has_a_texture_too(samples):
    maps = texture_maps(samples.astype(np.float32))
    assert maps.shape == (frames_in(len(samples)), VALUES)
    assert np.isfinite(maps).all()
