import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.errors import AudioError
from voxproof.evaluation.dnsmos import CARD, WINDOW, Dnsmos, level_mel, windows
from voxproof.models import load_card, verify

# signal, background, overall, P.808 of the bundled voices as speechmos 0.0.1.1 (with librosa) gives them.
PACKAGE = {
    "ben": (3.5752217, 3.8818398, 3.1992387, 3.3426760),
    "dora": (3.7048364, 4.1127883, 3.4197395, 4.1203210),
}


@pytest.fixture(scope="module")
def predictor() -> Dnsmos:
    if any(state.state != "ok" for state in verify(load_card(CARD))):
        pytest.skip("the package speechmos is not installed")
    return Dnsmos()


@pytest.mark.parametrize("name", PACKAGE)
def test_scores_are_those_of_the_package(predictor: Dnsmos, voices: dict[str, Audio], name: str) -> None:
    found = predictor.score(voices[name])
    assert tuple(found.as_dict().values()) == pytest.approx(PACKAGE[name], abs=1e-4)


def test_noise_costs_background_most(predictor: Dnsmos, speech: Audio) -> None:
    samples = speech.samples[:WINDOW]
    noise = np.random.default_rng(0).normal(0, 0.02, len(samples)).astype(np.float32)
    clean, noisy = predictor.score(Audio(samples, 16_000)), predictor.score(Audio(samples + noise, 16_000))
    assert noisy.background < clean.background - 1
    assert noisy.overall < clean.overall - 0.5


def test_a_short_clip_is_doubled_and_an_empty_one_refused() -> None:
    cut = windows(np.arange(100_000, dtype=np.float32))
    assert cut.shape == (3, WINDOW)  # 200,000 samples: windows at 0, 1 and 2 s
    assert cut[0, 100_000] == 0
    with pytest.raises(AudioError, match="empty"):
        windows(np.zeros(0, np.float32))


def test_windows_that_rounding_makes_a_sample_short_are_left_out() -> None:
    samples = np.zeros(20 * 16_000, np.float32)
    kept = [place for place in range(11) if int((place + 9.01) * 16_000) - place * 16_000 == WINDOW]
    assert len(windows(samples)) == len(kept) < 11


def test_the_mel_has_its_loudest_point_at_one_and_80_decibels_below_it(speech: Audio) -> None:
    mel = level_mel(speech.samples)
    assert mel.shape == (120, 1 + (len(speech.samples) - 1) // 160)
    assert mel.max() == pytest.approx(1.0)
    assert mel.min() >= -1.0
