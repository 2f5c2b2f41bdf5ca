"""Fixtures of the detection tests."""

import numpy as np
import pytest

from voxproof.audio import Audio
from voxproof.detection import Detector, Scores, load_detector
from voxproof.detection.calibration import Calibration, Line
from voxproof.models import load_card


@pytest.fixture(scope="session")
def detector():
    """The detector that ships."""
    return load_detector()


class BandListener(Detector):
    """Windows of 1 s every 0.5 s; the ratio is how many times 100 the level between two frequencies is, less 1.

    A rule that is known, so that what explains a detector can be checked against the truth.
    """

    calibration = Calibration(
        clip=Line(slope=1, offset=0), window=Line(slope=1, offset=0), real_below=-0.2, fake_above=0.2
    )

    def __init__(self, low: float, high: float) -> None:
        super().__init__(load_card("detector-fast"))
        self.low, self.high = low, high
        self.scorings = 0.0  # seconds of sound that were scored

    def score(self, audio: Audio, speech=None) -> Scores:
        self.scorings += audio.duration
        window, hop = self.rate, self.rate // 2
        samples = audio.samples if len(audio.samples) >= window else np.resize(audio.samples, window)
        starts = np.arange(0, len(samples) - window + 1, hop)
        llr = np.array([self._ratio(samples[start : start + window]) for start in starts])
        times = np.stack([starts / self.rate, np.minimum(starts / self.rate + 1.0, audio.duration)], axis=1)
        return Scores(times, llr, float(llr.mean()))

    def _ratio(self, samples) -> float:
        spectrum = np.abs(np.fft.rfft(samples)) / len(samples)
        place = np.fft.rfftfreq(len(samples), 1 / self.rate)
        return 100 * float(np.sqrt(2 * (spectrum[(place >= self.low) & (place < self.high)] ** 2).sum())) - 1


@pytest.fixture
def listener():
    """`listener(low, high)`: a detector that hears one band alone and calls it synthetic."""
    return BandListener
