import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voxproof.synthesis.frames import at_speed, bounded_lengths, lay_out, whole_durations


@given(st.lists(st.floats(0.1, 40), min_size=1, max_size=80))
def test_durations_are_whole_positive_even_and_near_what_was_asked(lengths):
    durations = whole_durations(np.array(lengths, np.float32))
    assert (durations >= 1).all()
    assert durations.sum() % 2 == 0
    assert durations.sum() >= np.floor(sum(lengths)) - 1
    assert durations.sum() <= sum(max(1.0, x) for x in lengths) + len(lengths) * 0.5 + 2


def test_layout_by_hand():
    which, place = lay_out(np.array([2, 1, 3]))
    assert which.tolist() == [0, 0, 1, 2, 2, 2]
    assert np.allclose(place[:, 0], [0.25, 0.75, 0.5, 1 / 6, 0.5, 5 / 6])
    assert np.allclose(place[:, 0] + place[:, 1], 1)
    assert np.allclose(np.exp(place[:, 2]), [2, 2, 1, 3, 3, 3])


def test_no_predicted_duration_runs_away():
    assert bounded_lengths(np.array([-9.0, 0.0, 9.0], np.float32)).tolist() == [0.5, 1.0, 40.0]


@given(st.integers(1, 60), st.floats(0.5, 2))
def test_speed_stretches_and_keeps_both_ends(frames, speed):
    values = np.arange(frames, dtype=np.float32)[:, None] * np.ones((1, 3), np.float32)
    said = at_speed(values, speed)
    assert said.shape == (max(1, round(frames / speed)), 3)
    assert said.dtype == np.float32
    assert (np.diff(said[:, 0]) >= 0).all()
    assert said[0, 0] == 0
    if len(said) > 1:
        assert said[-1, 0] == frames - 1
