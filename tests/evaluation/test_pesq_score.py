import numpy as np
import pytest

pytest.importorskip("pesq")

from voxproof.audio import Audio
from voxproof.errors import AudioError
from voxproof.evaluation.pesq_score import pesq_wb


def test_the_clip_itself_is_perfect_and_noise_costs(speech: Audio) -> None:
    noise = np.random.default_rng(0).normal(size=len(speech.samples)).astype(np.float32)
    scores = [pesq_wb(speech, Audio(speech.samples + level * noise, 16_000)) for level in (0.0, 0.001, 0.01, 0.1)]
    assert scores[0] == pytest.approx(4.644, abs=0.001)
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < 1.2


def test_a_longer_copy_is_cut(speech: Audio) -> None:
    longer = Audio(np.concatenate([speech.samples, np.zeros(8000, np.float32)]), 16_000)
    assert pesq_wb(speech, longer) == pytest.approx(4.644, abs=0.001)


@pytest.mark.parametrize("samples", [np.zeros(32_000, np.float32), np.full(100, 0.1, np.float32)])
def test_silence_and_crumbs_are_refused(speech: Audio, samples: np.ndarray) -> None:
    with pytest.raises(AudioError, match="PESQ"):
        pesq_wb(Audio(speech.samples[: len(samples)], 16_000), Audio(samples, 16_000))
