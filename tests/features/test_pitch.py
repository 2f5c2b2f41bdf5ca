import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.audio import read_audio
from voxproof.features import f0

VOICES = "examples/voices"


def glide(start, end, seconds=1.0, harmonics=12):
    t = np.arange(int(16_000 * seconds)) / 16_000
    hertz = np.linspace(start, end, len(t))
    phase = 2 * np.pi * np.cumsum(hertz) / 16_000
    return hertz, (sum(np.sin(k * phase) / k for k in range(1, harmonics)) * 0.1).astype(np.float32)


@settings(max_examples=15, deadline=None)
@given(st.floats(75, 400), st.floats(0.8, 1.25))
def test_follows_a_gliding_buzz_within_one_percent(start, factor):
    hertz, buzz = glide(start, min(max(start * factor, 75), 450))
    pitch = f0(buzz)
    inner = slice(6, -6)
    wanted = hertz[np.minimum(np.arange(len(pitch)) * 200, len(hertz) - 1)]
    assert (pitch[inner] > 0).all()
    assert np.abs(pitch[inner] / wanted[inner] - 1).max() < 0.01


def test_noise_and_silence_have_no_pitch():
    noise = np.random.default_rng(0).standard_normal(16_000).astype(np.float32) * 0.1
    assert (f0(noise) > 0).mean() < 0.1
    assert not f0(np.zeros(8000, np.float32)).any()


@pytest.mark.parametrize("n", [0, 1, 199, 200, 201, 3000])
def test_any_length_has_its_frames(n):
    assert f0(np.zeros(n, np.float32)).shape == (1 + n // 200,)


@pytest.mark.parametrize(("name", "low", "high"), [("ben", 80, 130), ("carl", 100, 150), ("anna", 180, 260)])
def test_real_voices_lie_in_their_register(name, low, high):
    pitch = f0(read_audio(f"{VOICES}/{name}.flac", rate=16_000).samples)
    assert low < np.median(pitch[pitch > 0]) < high
    assert 0.3 < (pitch > 0).mean() < 0.8
