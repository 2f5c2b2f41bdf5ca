import numpy as np
import pytest

from voxproof.features.sample_levels import even_decode, even_encode, mu_law_decode, mu_law_encode


def test_edges_are_the_lowest_and_the_highest_level():
    ends = np.array([-1.5, -1.0, 1.0, 1.5], np.float32)
    assert even_encode(ends).tolist() == [0, 0, 65_535, 65_535]
    assert mu_law_encode(ends).tolist() == [0, 0, 255, 255]
    assert even_decode(np.array([0, 65_535])).tolist() == [-1.0, 1.0]
    assert mu_law_decode(np.array([0, 255])).tolist() == [-1.0, 1.0]


@pytest.mark.parametrize(
    ("encode", "decode", "levels"), [(even_encode, even_decode, 65_536), (mu_law_encode, mu_law_decode, 256)]
)
def test_every_level_comes_back(encode, decode, levels):
    every = np.arange(levels)
    assert np.array_equal(encode(decode(every, levels), levels), every)


def test_speech_comes_back_within_half_a_step(speech):
    assert np.abs(even_decode(even_encode(speech.samples)) - speech.samples).max() <= 1.01 / 65_535
    again = mu_law_decode(mu_law_encode(speech.samples))
    # Half a step of the companded axis, stretched by the slope of the inverse there: a share of |x| + 1/255.
    bound = (np.abs(again) + 1 / 255) * np.expm1(np.log(256) / 255) * 1.01
    assert np.all(np.abs(again - speech.samples) <= bound)


def test_the_mu_law_by_hand():
    # sign(x) ln(1 + 255 |x|) / ln 256, on 0 to 255: 0.1 -> 0.59081 -> 202.83.
    assert mu_law_encode(np.array([0.1, -0.1], np.float32)).tolist() == [203, 52]
    even = even_encode(np.array([0.01] * 2, np.float32), 256)
    assert even.tolist() == [129, 129]
    assert mu_law_encode(np.array([0.01], np.float32)).tolist() == [157]
