import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.features import f0
from voxproof.features.voicing import without_blips
from voxproof.vocoders.phase import forward, inverse, project
from voxproof.vocoders.source import continuous_f0, pulse_train


@settings(max_examples=15, deadline=None)
@given(st.floats(70, 400))
def test_pulses_have_the_pitch_that_was_asked_for(hertz):
    pulses = pulse_train(np.full(161, hertz, np.float32))
    found = f0(pulses)[10:-10]
    assert np.median(found) == pytest.approx(hertz, rel=0.01)


def test_loudness_does_not_move_with_pitch():
    power = [float((pulse_train(np.full(161, h, np.float32)) ** 2).mean()) for h in (80.0, 160.0, 320.0)]
    assert max(power) / min(power) < 1.15


def test_no_voice_no_pulses():
    assert not pulse_train(np.zeros(50, np.float32)).any()
    assert pulse_train(np.zeros(1, np.float32)).shape == (0,)


def test_gaps_are_bridged_in_log_frequency():
    filled = continuous_f0(np.array([0, 100, 0, 400, 0], np.float32))
    assert filled == pytest.approx([100, 100, 200, 400, 400], rel=1e-5)


def test_blips_go_and_words_stay():
    pitch = np.array([0, 120, 120, 0, 110, 111, 112, 113, 0, 90], np.float32)
    assert without_blips(pitch).tolist() == [0, 0, 0, 0, 110, 111, 112, 113, 0, 0]


def test_transform_goes_back():
    samples = np.random.default_rng(0).standard_normal(4000).astype(np.float32)
    again = inverse(forward(samples))
    assert again.shape == (4000,)
    assert np.abs(again - samples).max() < 1e-4


def test_projections_come_nearer_to_the_magnitude():
    rng = np.random.default_rng(0)
    samples = rng.standard_normal(8000).astype(np.float32)
    magnitude = np.abs(forward(samples))
    noise = np.exp(2j * np.pi * rng.random(magnitude.shape)).astype(np.complex64)

    def distance(iterations):
        return float(np.abs(np.abs(forward(project(magnitude, noise, iterations))) - magnitude).mean())

    assert distance(20) < 0.5 * distance(0)
