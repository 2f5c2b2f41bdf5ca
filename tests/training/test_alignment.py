import itertools

import numpy as np
import pytest

pytest.importorskip("numba")
from voxproof.training.alignment import align


def best_by_trying(score):
    phonemes, frames = score.shape
    best, kept = -np.inf, None
    for cuts in itertools.combinations(range(1, frames), phonemes - 1):
        durations = np.diff([0, *cuts, frames])
        total = score[np.repeat(np.arange(phonemes), durations), np.arange(frames)].sum()
        if total > best:
            best, kept = total, durations
    return kept


@pytest.mark.parametrize("seed", range(20))
def test_finds_what_trying_every_alignment_finds(seed):
    rng = np.random.default_rng(seed)
    score = rng.standard_normal((int(rng.integers(1, 5)), int(rng.integers(5, 9)))).astype(np.float32)
    assert align(score).tolist() == best_by_trying(score).tolist()


def test_more_phonemes_than_frames_is_an_error():
    with pytest.raises(ValueError, match="do not fit"):
        align(np.zeros((5, 4), np.float32))
