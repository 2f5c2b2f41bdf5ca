"""The base class of detectors and how one is loaded by name."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio
from voxproof.detection.calibration import Calibration
from voxproof.errors import ModelError
from voxproof.models import Card, load_card
from voxproof.registry import Registry

DEFAULT_DETECTOR = "detector-strong"


@dataclass(frozen=True, eq=False)
class Scores:
    """What a detector makes of a recording, calibrated.

    `times` is float64 `(n, 2)`, start and end of each window in seconds; `llr` float64 `(n,)`, their natural
    log-likelihood ratios (positive: synthetic); `clip_llr` that of the whole recording, which is not the sum of the
    windows', since they overlap and resemble each other. Without a window (too little sound) `clip_llr` is 0.
    """

    times: NDArray[np.float64]
    llr: NDArray[np.float64]
    clip_llr: float


class Detector(ABC):
    """Speech -> scores over time. An engine is a subclass that is registered in `detectors`, made from a card."""

    rate: int = 16_000  # Hz, what the engine listens at
    shortest_seconds: float = 0.1  # less sound than this gets no score
    calibration: Calibration

    def __init__(self, card: Card) -> None:
        self.card = card

    @property
    def name(self) -> str:
        """The card's name."""
        return self.card.name

    @abstractmethod
    def score(self, audio: Audio, speech: list[tuple[float, float]] | None = None) -> Scores:
        """Scores of windows and of the whole. `speech` names the stretches in seconds that count for the whole.

        Never raises for readable audio: what cannot be scored has no window or an LLR of 0.
        """

    def dense(self, audio: Audio, hop_seconds: float) -> Scores:
        """Windows about `hop_seconds` apart, where `score` has the card's step: the recording is scored from several
        starts. `clip_llr` is that of the card's own windows. An engine may have a quicker way.
        """
        own = self.score(audio)
        if len(own.llr) < 2:
            return own
        step, length = own.times[1, 0] - own.times[0, 0], own.times[0, 1] - own.times[0, 0]
        shifts = max(1, round(step / hop_seconds))
        times, llr = [own.times], [own.llr]
        for shift in range(1, shifts):
            start = round(shift * step / shifts * audio.rate)
            rest = Audio(audio.samples[start:], audio.rate)
            if rest.duration < length:
                break
            moved = self.score(rest)
            times.append(moved.times + start / audio.rate)
            llr.append(moved.llr)
        every, ratios = np.concatenate(times), np.concatenate(llr)
        _, kept = np.unique(np.round(every[:, 0], 2), return_index=True)  # each start has its own last window
        return Scores(every[kept], ratios[kept], own.clip_llr)


detectors: Registry[Detector] = Registry("detector", "voxproof.detectors")


@lru_cache(maxsize=4)
def load_detector(name: str = DEFAULT_DETECTOR) -> Detector:
    """The detector of the card called `name`; it is kept for the process.

    Raises `ModelError` when there is no such card, when the card is of something else, or when its weights are missing.
    """
    card = load_card(name)
    if card.kind != "detector":
        raise ModelError(f"{name} is a {card.kind}, not a detector")
    return detectors.get(card.engine)(card)
