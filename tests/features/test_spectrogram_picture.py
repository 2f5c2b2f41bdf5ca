import numpy as np
import pytest

from voxproof.features.mel_db import mel_decibels
from voxproof.features.spectrogram_picture import grey_picture, resizing, spectrogram_picture


@pytest.mark.parametrize(("before", "after"), [(938, 224), (128, 224), (224, 224), (7, 3)])
def test_resizing_is_that_of_pillow(before, after):
    image = pytest.importorskip("PIL.Image")
    rows = np.random.default_rng(0).random((5, before)).astype(np.float32)
    theirs = image.fromarray(rows).resize((after, 5), image.Resampling.BILINEAR)
    np.testing.assert_allclose(rows @ resizing(before, after).T, np.asarray(theirs), atol=1e-5)


def test_a_picture_has_low_frequencies_at_the_bottom(speech):
    samples = np.resize(speech.samples, 480_000)
    picture = grey_picture(samples)
    assert picture.shape == (224, 224)
    assert picture.min() >= -1e-5
    assert picture.max() <= 1 + 1e-5
    # Speech is strong at the low end, and the mean of a picture is about that of the spectrogram.
    assert picture[-60:].mean() > picture[:60].mean() + 0.1
    assert picture.mean() == pytest.approx((mel_decibels(samples) / 80 + 1).mean(), abs=0.01)


def test_channels_are_on_the_scale_of_imagenet(speech):
    samples = speech.samples[:48_000]
    picture, grey = spectrogram_picture(samples), grey_picture(samples)
    assert picture.shape == (3, 224, 224)
    assert picture.dtype == np.float32
    np.testing.assert_allclose(picture[1], (grey - 0.456) / 0.224, atol=1e-5)
