import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxproof.features import MEL, MelSpec, log_mel, mel_filters, stft_magnitude
from voxproof.features.mel import hz_to_mel, mel_to_hz


def test_slaney_scale_at_its_corners():
    # 1 kHz is 15 mel; every factor of 6.4 above adds 27.
    assert hz_to_mel(np.array([0.0, 200.0, 1000.0, 6400.0])) == pytest.approx([0.0, 3.0, 15.0, 42.0])


@given(st.floats(0, 8000))
def test_scale_goes_back(hz):
    assert mel_to_hz(hz_to_mel(np.array([hz])))[0] == pytest.approx(hz, abs=1e-6)


def test_filters_are_triangles_of_area_one():
    filters = mel_filters()
    assert filters.shape == (80, 401)
    assert (filters >= 0).all()
    assert (filters.max(1) > 0).all(), "a filter without a bin would be deaf"
    # Triangles that span many bins sum to 1 / bin width.
    assert filters[60:].sum(1) * 20.0 == pytest.approx(np.ones(20), rel=0.02)


def test_a_tone_lights_its_own_band():
    t = np.arange(16_000) / 16_000
    mel = log_mel(np.sin(2 * np.pi * 1000 * t).astype(np.float32) * 0.5)
    loudest = int(mel[:, 40].argmax())
    centres = mel_to_hz(np.linspace(0, hz_to_mel(np.array(8000.0)), 82))[1:-1]
    assert abs(centres[loudest] - 1000) < 40


def test_magnitude_of_a_tone_is_half_its_window():
    t = np.arange(16_000) / 16_000
    magnitude = stft_magnitude(np.sin(2 * np.pi * 1000 * t).astype(np.float32))
    assert magnitude[50, 40] == pytest.approx(400 / 2, rel=1e-3)  # sum of the Hann window is 400


@given(st.integers(0, 5000))
def test_frames_are_one_more_than_hops(n):
    assert log_mel(np.zeros(n, np.float32)).shape == (80, 1 + n // 200)


def test_silence_is_the_floor():
    assert np.allclose(log_mel(np.zeros(4000, np.float32)), np.log(MEL.floor))


def test_spec_is_frozen_and_comparable():
    assert MelSpec() == MEL
    with pytest.raises(AttributeError):
        MEL.hop = 1


def test_agrees_with_librosa_where_it_is_installed():
    librosa = pytest.importorskip("librosa")
    ours = mel_filters()
    theirs = librosa.filters.mel(sr=16_000, n_fft=800, n_mels=80, fmin=0, fmax=8000)
    assert np.abs(ours - theirs).max() < 1e-6
