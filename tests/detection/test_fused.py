"""A detector and its partners: whose score counts where."""

import numpy as np
import pytest

from voxproof.detection import fused
from voxproof.detection.fused import FusedDetector
from voxproof.detection.texture import TextureDetector
from voxproof.detection.windowed import WindowedDetector


class Half(WindowedDetector):
    """Windows of half a second whose score is their time in seconds."""

    def __init__(self):
        self.window = self.hop = 8_000

    def _run(self, samples):
        return np.zeros(0)

    def raw_scores(self, samples):
        starts = np.arange(0, len(samples) - self.window + 1, self.hop) / 16_000
        return np.stack([starts, starts + 0.5], axis=1), starts.copy()


@pytest.fixture
def pair(monkeypatch):
    """Own windows of 1 s, a second apart, that say nothing; the partner's weight is 2."""
    monkeypatch.setattr(
        TextureDetector,
        "raw_scores",
        lambda self, samples: (np.array([[0.0, 1.0], [1.0, 2.0]]), np.array([10.0, 20.0])),
    )
    detector = object.__new__(FusedDetector)
    detector.partners = [(Half(), 2.0)]
    return detector


def test_a_window_gets_the_mean_of_the_partners_windows_in_it(pair):
    times, scores = pair.raw_scores(np.zeros(32_000, np.float32))
    assert times.tolist() == [[0.0, 1.0], [1.0, 2.0]]
    # 0 and 0.5 lie in the first, 1.0 and 1.5 in the second.
    assert scores.tolist() == [10 + 2 * 0.25, 20 + 2 * 1.25]


def test_a_window_without_one_gets_the_nearest(pair):
    scores = pair.raw_scores(np.zeros(16_000, np.float32))[1]  # the partner hears one second only
    assert scores.tolist() == [10 + 2 * 0.25, 20 + 2 * 0.5]


def test_a_partner_that_hears_nothing_changes_nothing(pair):
    assert pair.raw_scores(np.zeros(100, np.float32))[1].tolist() == [10.0, 20.0]


def test_partners_add_up(pair):
    pair.partners.append((Half(), 1.0))
    assert pair.raw_scores(np.zeros(32_000, np.float32))[1].tolist() == [10 + 3 * 0.25, 20 + 3 * 1.25]


def test_it_is_an_engine():
    from voxproof.detection import detectors

    assert detectors.get("fused") is fused.FusedDetector
