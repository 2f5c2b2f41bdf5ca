import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxproof.features.spectrogram import BINS, EXPONENT, HEARD, HOP, N_FFT, compressed_spectrogram, frames_in


@given(st.integers(0, 3000))
def test_shape_follows_the_length(length):
    samples = np.random.default_rng(length).normal(0, 0.1, length).astype(np.float32)
    spectrogram = compressed_spectrogram(samples)
    assert spectrogram.shape == (2, BINS, length // HOP) == (2, BINS, frames_in(length))
    assert spectrogram.dtype == np.float32
    assert np.isfinite(spectrogram).all()


def test_one_frame_by_the_definition(speech):
    samples = speech.samples[16_000:32_000]
    frame = 30
    # Frame i begins 80 samples before sample 160 i: its 320 samples lie around the 160 new ones.
    start = frame * HOP - (N_FFT - HOP) // 2
    n = np.arange(N_FFT)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * n / N_FFT)
    part = samples[start : start + N_FFT].astype(np.float64) / np.abs(samples).max() * window
    spectrum = np.array([np.sum(part * np.exp(-2j * np.pi * k * n / N_FFT)) for k in range(BINS)])
    expected = spectrum / np.abs(spectrum) * np.abs(spectrum) ** EXPONENT
    found = compressed_spectrogram(samples)[:, :, frame]
    np.testing.assert_allclose((found[0] + 1j * found[1])[:HEARD], expected[:HEARD], atol=2e-4)
    assert not found[:, HEARD:].any()


def test_the_level_does_not_matter(speech):
    samples = speech.samples[:16_000]
    np.testing.assert_allclose(compressed_spectrogram(samples), compressed_spectrogram(0.01 * samples), atol=1e-3)


def test_silence_is_finite():
    assert np.abs(compressed_spectrogram(np.zeros(1600, np.float32))).max() < 1e-3


def test_up_to_7_khz_it_is_what_distillmos_hears(speech):
    torch = pytest.importorskip("torch")
    from voxproof.networks.distillmos import CompressedSpectrum

    samples = speech.samples[16_000:48_000]
    scaled = torch.from_numpy(samples / np.abs(samples).max())[None]
    theirs = CompressedSpectrum()(scaled)[0].numpy()
    np.testing.assert_allclose(compressed_spectrogram(samples)[:, :HEARD], theirs[:, :HEARD], atol=2e-3)
