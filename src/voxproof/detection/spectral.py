"""Detectors that are one ONNX graph over the compressed complex spectrogram: those that we train."""

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voxproof.audio import Audio
from voxproof.detection.calibration import Calibration
from voxproof.detection.detector import Detector, Scores, detectors
from voxproof.errors import ModelError
from voxproof.features.mel import Floats
from voxproof.features.spectrogram import HOP, RATE, compressed_spectrogram
from voxproof.models import Card, open_session

WINDOWS_AT_ONCE = 16  # bounds the memory: hours of sound take as much as ten seconds
SPEECH_IN_WINDOW = 0.3  # share of a window that must be speech for it to count for the whole


class SpectralConfig(BaseModel):
    """`config` of a card with the engine `spectral`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    window: int = Field(gt=0, description="frames of 10 ms that one score hears; the graph's own")
    hop: int = Field(gt=0, description="frames between two windows; the graph's own")
    calibration: Calibration
    file: str = "model.onnx"


@detectors.register("spectral")
class SpectralDetector(Detector):
    """Spectrogram `(1, 2, 161, frames)` -> graph -> one raw score a window; the clip's is the mean of its windows'."""

    rate = RATE

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        try:
            self.config = SpectralConfig.model_validate(card.config)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise ModelError(f"card {card.name}: config.{place}: {first['msg']}") from None
        self.calibration = self.config.calibration
        self._session = open_session(card, self.config.file)

    def raw_scores(self, samples: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Times `(n, 2)` in seconds and uncalibrated scores `(n,)` of samples at 16 kHz.

        A window starts every hop; one more ends at the end if the last would leave a stretch unheard. Sound shorter
        than a window is repeated up to it, and the window's times say how long it is.
        """
        window, hop = self.config.window * HOP, self.config.hop * HOP
        length = len(samples)
        if length < self.shortest_seconds * RATE or float(np.abs(samples).max()) < 1e-6:
            return np.zeros((0, 2)), np.zeros(0)
        if length < window:
            score = self._run(np.resize(samples, window))
            return np.array([[0.0, length / RATE]]), score
        starts = list(range(0, length - window + 1, hop))
        scores = []
        for first in range(0, len(starts), WINDOWS_AT_ONCE):
            group = starts[first : first + WINDOWS_AT_ONCE]
            scores.append(self._run(samples[group[0] : group[-1] + window])[: len(group)])
        if starts[-1] + window < length - HOP:
            starts.append(length - window)
            scores.append(self._run(samples[-window:]))
        begin = np.array(starts) / RATE
        return np.stack([begin, begin + window / RATE], axis=1), np.concatenate(scores)

    def _run(self, samples: Floats) -> NDArray[np.float64]:
        spectrogram = compressed_spectrogram(samples)[None]
        output = self._session.run(None, {"spectrogram": spectrogram})[0]
        return np.array(output[0], np.float64)

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
        times, raw = self.raw_scores(audio.resampled(RATE).samples)
        if not len(raw):
            return Scores(times, raw, 0.0)
        llr = np.array([self.calibration.window.llr(float(score)) for score in raw])
        return Scores(times, llr, self.calibration.clip.llr(self.clip_score(times, raw, speech)))
