import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.errors import AudioError
from voxproof.evaluation.distillmos import CARD, WINDOW, DistillMos, compressed_spectrum, windows
from voxproof.models import load_card, verify

# What the package's own code (distillmos 0.9.1) says of the bundled voices.
PACKAGE = {"anna": 3.792338, "ben": 3.387937}


@pytest.fixture(scope="module")
def predictor() -> DistillMos:
    if any(state.state != "ok" for state in verify(load_card(CARD))):
        pytest.skip("the package distillmos is not installed")
    return DistillMos()


@pytest.mark.parametrize("name", PACKAGE)
def test_scores_are_those_of_the_package(predictor: DistillMos, voices: dict[str, Audio], name: str) -> None:
    assert predictor.score(voices[name]) == pytest.approx(PACKAGE[name], abs=2e-4)


def test_noise_costs_and_level_does_not(predictor: DistillMos, speech: Audio) -> None:
    samples = speech.samples[:64_000]
    clean = predictor.score(Audio(samples, 16_000))
    noise = np.random.default_rng(0).normal(0, 0.05, len(samples)).astype(np.float32)
    assert predictor.score(Audio(samples + noise, 16_000)) < clean - 0.5
    assert predictor.score(Audio(samples * 0.25, 16_000)) == pytest.approx(clean, abs=1e-3)


def test_an_empty_clip_is_refused(predictor: DistillMos) -> None:
    with pytest.raises(AudioError, match="empty"):
        predictor.score(Audio(np.zeros(0, np.float32), 16_000))


def test_windows_cover_the_clip() -> None:
    short = windows(np.ones(100, np.float32))
    assert short.shape == (1, WINDOW)
    assert short.sum() == 100
    ramp = np.arange(WINDOW + 16_001, dtype=np.float32)
    cut = windows(ramp)
    assert cut[:, 0].tolist() == [0, 8000, 16_001]
    assert cut[-1, -1] == ramp[-1]


def test_the_compressed_spectrum_keeps_phases_and_compresses_magnitudes() -> None:
    time = np.arange(WINDOW) / 16_000
    found = compressed_spectrum(np.cos(2 * np.pi * 1000 * time).astype(np.float32)[None])
    assert found.shape == (1, 2, 161, WINDOW // 160)
    # A cosine of 1 kHz on bin 20 has the magnitude of half the window's sum, 80, in every frame.
    magnitude = np.hypot(found[0, 0], found[0, 1])
    assert magnitude[20, 100] == pytest.approx(80**0.3, rel=1e-3)
    assert magnitude[:, 100].argmax() == 20
