"""Linear prediction against what is known of a filter, and against real speech."""

import numpy as np
from scipy.signal import lfilter

from voxproof.datasets.fakes.lpc import HOP, lfilter_state, predictors, speak


def test_finds_the_filter_that_coloured_noise():
    true = np.array([1.0, -1.2, 0.8])
    noise = np.random.default_rng(0).standard_normal(48_000)
    coloured = lfilter([1.0], true, noise).astype(np.float32)
    filters, gains = predictors(coloured, 2)
    inner = slice(5, -5)
    assert np.allclose(filters[inner].mean(0), true, atol=0.05)
    assert abs(gains[inner].mean() - 1.0) < 0.1  # the noise's root mean square


def test_state_goes_on_where_a_filter_stopped():
    filter_ = np.array([1.0, -0.9, 0.5, 0.1])
    driven = np.random.default_rng(1).standard_normal(200)
    whole = lfilter([1.0], filter_, driven)
    past = whole[:120][::-1][:3]
    rest, _ = lfilter([1.0], filter_, driven[120:], zi=lfilter_state(filter_, past))
    assert np.allclose(rest, whole[120:])


def test_noise_alone_leaves_no_pitch(clip):
    from voxproof.features import f0

    silent = np.zeros(1 + len(clip) // HOP, np.float32)
    whisper = speak(clip, 20, silent, seed=0)
    assert (f0(clip) > 0).mean() > 0.3
    assert (f0(whisper) > 0).mean() < 0.1
