"""The classical features against librosa.

`classical_golden.npz` holds what librosa 0.11.0 made of seconds 1.0 to 3.5 of examples/voices/anna.flac with default
parameters: mean, deviation and frame 40 of mfcc (40), chroma_stft, melspectrogram, spectral_contrast and tonnetz, the
tuning (of the power spectrogram in 12 bins, of the sound in 36), and frame 40 of |cqt| (252 bins, 36 an octave, tuning
0). librosa is no dependency; the file was made once with it.
"""

from pathlib import Path

import numpy as np
import pytest

from voxproof.features.chroma import chroma
from voxproof.features.classical import classical_features
from voxproof.features.constant_q import constant_q
from voxproof.features.contrast import spectral_contrast
from voxproof.features.mel_db import decibels, mel_decibels, mel_power, power_spectrogram
from voxproof.features.mfcc import mfcc
from voxproof.features.tonnetz import constant_q_chroma, tonnetz
from voxproof.features.tuning import estimate_tuning

FRAME = 40


@pytest.fixture(scope="module")
def golden():
    with np.load(Path(__file__).parent / "classical_golden.npz") as file:
        return dict(file)


@pytest.fixture(scope="module")
def samples(speech):
    return speech.samples[16_000:56_000]


@pytest.fixture(scope="module")
def power(samples):
    return power_spectrogram(samples)


@pytest.fixture(scope="module")
def kinds(samples, power):
    magnitude = np.sqrt(power)
    return {
        "mfcc": mfcc(mel_power(power), 40),
        "chroma": chroma(power),
        "mel": mel_power(power),
        "contrast": spectral_contrast(magnitude),
        "tonnetz": tonnetz(constant_q_chroma(samples, magnitude)),
    }


# Ours is computed in another order, and librosa's constant-Q filters leave out their weakest bins (1 % of the sum).
@pytest.mark.parametrize(
    ("kind", "tolerance"), [("mfcc", 1e-3), ("chroma", 1e-5), ("mel", 1e-3), ("contrast", 2e-3), ("tonnetz", 5e-3)]
)
def test_features_are_those_of_librosa(kinds, golden, kind, tolerance):
    ours = kinds[kind]
    np.testing.assert_allclose(ours[:, FRAME], golden[f"{kind}_frame"], atol=tolerance, rtol=1e-4)
    np.testing.assert_allclose(ours.mean(1), golden[f"{kind}_mean"], atol=tolerance, rtol=1e-4)
    np.testing.assert_allclose(ours.std(1), golden[f"{kind}_std"], atol=tolerance, rtol=1e-4)


def test_tuning_is_that_of_librosa(power, golden):
    assert estimate_tuning(power, 16_000, 12) == pytest.approx(float(golden["tuning12"]))
    assert estimate_tuning(np.sqrt(power), 16_000, 36) == pytest.approx(float(golden["tuning36"]))


def test_the_constant_q_transform_is_that_of_librosa(samples, golden):
    np.testing.assert_allclose(constant_q(samples)[:, FRAME], golden["cqt_frame"], atol=0.01)


def test_the_vector_is_means_in_order(samples, kinds):
    vector = classical_features(samples)
    assert vector.shape == (193,)
    assert vector.dtype == np.float32
    expected = np.concatenate([kinds[kind].mean(1) for kind in ("mfcc", "chroma", "mel", "contrast", "tonnetz")])
    np.testing.assert_allclose(vector, expected, rtol=1e-5, atol=1e-6)


def test_fewer_coefficients_and_deviations(samples, kinds):
    assert classical_features(samples, coefficients=20).shape == (173,)
    both = classical_features(samples, deviations=True)
    assert both.shape == (386,)
    np.testing.assert_allclose(both[193:233], kinds["mfcc"].std(1), rtol=1e-5)


@pytest.mark.parametrize("sound", [np.zeros(80_000), 1e-9 * np.ones(80_000), np.eye(1, 80_000)[0]])
def test_silence_and_a_click_are_finite(sound):
    assert np.isfinite(classical_features(sound.astype(np.float32))).all()


def test_a_pure_tone_is_one_pitch_class():
    tone = np.sin(2 * np.pi * 440.0 * np.arange(32_000) / 16_000).astype(np.float32)
    power = power_spectrogram(tone)
    assert set(chroma(power)[:, 10:-10].argmax(0)) == {9}  # A, counted from C
    assert set(constant_q_chroma(tone, np.sqrt(power))[:, 10:-10].argmax(0)) == {9}
    loudest = constant_q(tone)[:, 20].argmax()
    assert loudest == 36 * 3 + 27  # A4 is three octaves and nine semitones above C1


def test_decibels_by_hand():
    np.testing.assert_allclose(decibels(np.array([1.0, 0.1, 1e-9])), [0, -10, -80], atol=1e-5)
    np.testing.assert_allclose(decibels(np.array([4.0]), reference=4.0), [0], atol=1e-6)


def test_mel_decibels_end_at_zero(samples):
    level = mel_decibels(samples)
    assert level.shape == (128, 79)
    assert level.max() == pytest.approx(0, abs=1e-5)
    assert level.min() >= -80 - 1e-4
    np.testing.assert_allclose(mel_decibels(0.1 * samples), level, atol=0.01)
