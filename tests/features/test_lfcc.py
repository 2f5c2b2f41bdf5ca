"""LFCC against an independent computation of one frame, and by hand where it can be done by hand."""

import numpy as np
import pytest

from voxproof.features.lfcc import difference, lfcc, linear_filters, static_lfcc


def one_frame(samples, index):
    """Frame `index` from the definitions alone: sums in place of FFT, matrix product and DCT."""
    emphasised = [samples[0]] + [samples[i] - 0.97 * samples[i - 1] for i in range(1, len(samples))]
    frame = np.array(
        [emphasised[160 * index - 160 + n] * (0.54 - 0.46 * np.cos(2 * np.pi * n / 319)) for n in range(320)]
    )
    angles = -2j * np.pi * np.outer(np.arange(257), np.arange(320)) / 512
    power = np.abs(np.exp(angles) @ frame) ** 2
    hertz = np.arange(257) * 31.25
    width = 8000 / 21
    bands = []
    for band in range(1, 21):
        triangle = np.clip(1 - np.abs(hertz - band * width) / width, 0, None)
        bands.append(np.log10(triangle @ power + 1e-10))
    out = []
    for k in range(20):
        total = sum(value * np.cos(np.pi * k * (2 * n + 1) / 40) for n, value in enumerate(bands))
        out.append(total * np.sqrt((1 if k == 0 else 2) / 20))
    return np.array(out)


def test_a_frame_of_speech_is_what_the_definitions_give(speech):
    samples = speech.samples[20_000:28_000].astype(np.float64)
    for index in (3, 20, 47):
        np.testing.assert_allclose(
            static_lfcc(samples.astype(np.float32))[:, index], one_frame(samples, index), rtol=1e-4, atol=2e-4
        )


def test_triangles_peak_at_their_centres_and_add_up_to_one():
    filters = linear_filters()
    assert filters.shape == (20, 257)
    hertz = np.arange(257) * 31.25
    inside = (hertz >= 8000 / 21) & (hertz <= 20 * 8000 / 21)
    np.testing.assert_allclose(filters.sum(0)[inside], 1.0)
    np.testing.assert_array_equal(np.diff(filters.argmax(1)) > 10, True)


def test_differences_by_hand():
    values = np.array([[1.0, 2.0, 4.0, 8.0]])
    np.testing.assert_allclose(difference(values), [[0.5, 1.5, 3.0, 2.0]])
    np.testing.assert_allclose(difference(difference(values)), [[0.5, 1.25, 0.25, -0.5]])


def test_sixty_values_a_frame_whatever_the_level(speech):
    samples = speech.samples[:16_000]
    loud = lfcc(samples)
    assert loud.shape == (60, 101)
    assert loud.dtype == np.float32
    np.testing.assert_allclose(lfcc(samples / 50), loud, atol=1e-3)


@pytest.mark.parametrize("count", [1, 159, 160, 1000])
def test_silence_and_short_sounds_are_finite(count):
    assert np.isfinite(lfcc(np.zeros(count, np.float32))).all()
