"""What all detectors share that score windows of one length: cutting, the score of the whole, calibration."""

from abc import abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voxproof.audio import Audio
from voxproof.detection.calibration import Calibration
from voxproof.detection.detector import Detector, Scores
from voxproof.errors import ModelError
from voxproof.features.mel import Floats
from voxproof.models import Card, open_session

WINDOWS_AT_ONCE = 16  # bounds the memory: hours of sound take as much as ten seconds
SPEECH_IN_WINDOW = 0.3  # share of a window that must be speech for it to count for the whole
_SILENT_PEAK = 1e-6


class WindowConfig(BaseModel):
    """What every card of a windowed detector says in its `config`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    calibration: Calibration
    file: str = Field(default="model.onnx", description="the graph")


class WindowedDetector(Detector):
    """Windows -> one raw score each (higher: synthetic); the clip's is the mean of those of its windows with speech.

    A subclass names its `config_class`, sets `window` and `hop` (samples) and scores a stretch of windows in `_run`.
    """

    config_class: ClassVar[type[WindowConfig]] = WindowConfig
    rate = 16_000
    window: int  # samples that one score hears
    hop: int  # samples between the starts of two windows

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        try:
            self.config = self.config_class.model_validate(card.config)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise ModelError(f"card {card.name}: config.{place}: {first['msg']}") from None
        self.calibration = self.config.calibration
        self._session = open_session(card, self.config.file)

    @abstractmethod
    def _run(self, samples: Floats) -> NDArray[np.float64]:
        """Raw scores of the windows that start every `hop` samples in a stretch that ends with the last of them."""

    def raw_scores(self, samples: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Times `(n, 2)` in seconds and uncalibrated scores `(n,)` of samples at 16 kHz.

        A window starts every hop; one more ends at the end if the last would leave a stretch unheard. Sound shorter
        than a window is repeated up to it, and the window's times say how long it is.
        """
        length = len(samples)
        if length < self.shortest_seconds * self.rate or float(np.abs(samples).max()) < _SILENT_PEAK:
            return np.zeros((0, 2)), np.zeros(0)
        if length < self.window:
            return np.array([[0.0, length / self.rate]]), self._run(np.resize(samples, self.window))
        starts = list(range(0, length - self.window + 1, self.hop))
        scores = []
        for first in range(0, len(starts), WINDOWS_AT_ONCE):
            group = starts[first : first + WINDOWS_AT_ONCE]
            scores.append(self._run(samples[group[0] : group[-1] + self.window])[: len(group)])
        if starts[-1] + self.window < length - self.rate // 100:
            starts.append(length - self.window)
            scores.append(self._run(samples[-self.window :])[:1])
        begin = np.array(starts) / self.rate
        return np.stack([begin, begin + self.window / self.rate], axis=1), np.concatenate(scores)

    def clip_score(
        self, times: NDArray[np.float64], scores: NDArray[np.float64], speech: list[tuple[float, float]] | None
    ) -> float:
        """Mean raw score of the windows that hold speech (of all, if none does or `speech` is not given)."""
        finite = np.isfinite(scores)
        if not finite.any():
            return float("nan")
        if speech is not None:
            heard = np.zeros(len(times))
            for start, end in speech:
                heard += np.clip(np.minimum(times[:, 1], end) - np.maximum(times[:, 0], start), 0, None)
            spoken = finite & (heard >= SPEECH_IN_WINDOW * (times[:, 1] - times[:, 0]))
            finite = spoken if spoken.any() else finite
        return float(scores[finite].mean())

    def score(self, audio: Audio, speech: list[tuple[float, float]] | None = None) -> Scores:
        """Calibrated scores; see `Detector.score`."""
        times, raw = self.raw_scores(audio.resampled(self.rate).samples)
        if not len(raw):
            return Scores(times, raw, 0.0)
        llr = np.array([self.calibration.window.llr(float(score)) for score in raw])
        return Scores(times, llr, self.calibration.clip.llr(self.clip_score(times, raw, speech)))
