import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voxproof.features.level import SPEECH_LEVEL, normalise_level


@given(st.floats(0.001, 0.9))
def test_level_does_not_depend_on_gain(gain):
    speech = np.random.default_rng(1).standard_normal(8000).astype(np.float32) * 0.2
    loud = normalise_level(speech * np.float32(gain))
    assert np.sqrt((loud**2).mean()) <= SPEECH_LEVEL * 1.01
    assert np.abs(loud).max() <= 0.991
    assert np.allclose(loud, normalise_level(speech), atol=1e-3)


def test_pauses_do_not_count():
    speech = np.random.default_rng(1).standard_normal(8000).astype(np.float32) * 0.1
    with_pause = np.concatenate([speech, np.zeros(16_000, np.float32)])
    assert np.allclose(normalise_level(with_pause)[:8000], normalise_level(speech), atol=2e-3)


def test_silence_and_nothing_stay():
    assert not normalise_level(np.zeros(8000, np.float32)).any()
    assert normalise_level(np.zeros(10, np.float32)).shape == (10,)
