import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voxproof.cloners.pauses import with_pause
from voxproof.synthesis import SpokenMel


def sentence(before, speech, after):
    level = np.concatenate([np.full(before, -9.0), np.full(speech, -4.0), np.full(after, -9.0)])
    f0 = np.concatenate([np.zeros(before), np.full(speech, 120.0), np.zeros(after)])
    return SpokenMel(np.tile(level, (80, 1)).astype(np.float32), f0.astype(np.float32))


@given(st.integers(0, 60), st.integers(10, 200), st.integers(0, 60), st.integers(0, 80))
def test_every_spoken_frame_stays_and_the_pause_is_as_long_as_asked(before, speech, after, pause):
    made = with_pause(sentence(before, speech, after), pause)
    assert (made.f0 > 0).sum() == speech
    assert made.mel.shape == (80, len(made.f0))
    kept = min(before, 6) + speech + min(after, 6)
    assert len(made.f0) == kept + pause


@given(st.integers(0, 60), st.integers(10, 200), st.integers(0, 80))
def test_the_symbols_stay_with_their_frames(before, speech, pause):
    spoken = sentence(before, speech, 20)
    numbered = SpokenMel(spoken.mel, spoken.f0, np.arange(len(spoken.f0)))
    made = with_pause(numbered, pause)
    assert made.symbols.shape == made.f0.shape
    voiced = made.f0 > 0
    assert (made.symbols[voiced] == np.arange(before, before + speech)).all()
    assert with_pause(spoken, pause).symbols is None


def test_weak_consonants_are_no_silence():
    """Ten quiet frames of the second symbol and of the last but one: cut by their level, kept by their symbols."""
    spoken = sentence(30, 50, 30)
    symbols = np.repeat([0, 1, 2, 3, 4], [20, 10, 50, 10, 20])
    by_level = with_pause(spoken, 0)
    by_symbol = with_pause(SpokenMel(spoken.mel, spoken.f0, symbols), 0)
    assert len(by_level.f0) == 6 + 50 + 6
    assert len(by_symbol.f0) == 6 + 10 + 50 + 10 + 6


def test_pause_is_the_background_and_not_nothing():
    made = with_pause(sentence(40, 100, 40), 50)
    assert np.allclose(made.mel[:, -30:], -9.0, atol=1e-4)


def test_no_step_where_the_pause_begins():
    made = with_pause(sentence(40, 100, 0), 50)
    assert np.abs(np.diff(made.mel[0, 100:])).max() < 1.0
