"""Which parts of a recording are real and which are made: cut where the sound changes, then ask of each part.

Windows of a detector hear seconds, so their scores ramp over a splice and say poorly where it is. A splice also joins
two voices, rooms or channels, and that change has a place: where the statistics of the cepstrum change
(`change_points.gaussian`). So the recording is cut there first, rather too often than too seldom; the detector scores
every piece by itself; and neighbours are joined unless their scores differ by enough.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio, AudioLike, as_audio, speech_segments
from voxproof.detection.calibration import Label
from voxproof.detection.change_points import best_cuts, gaussian, squared_error
from voxproof.detection.condition import without_offset
from voxproof.detection.detector import DEFAULT_DETECTOR, Detector, load_detector
from voxproof.features.mel import MEL, Floats, log_mel

SHORTEST_PIECE = 0.6  # seconds
CUT_PENALTY = 0.7  # of the Bayesian information criterion's own
JOIN_PENALTY = 3.0  # seconds times squared ratio that a boundary has to explain
MOST_SECONDS = 120.0  # at once; longer recordings are taken in such stretches
_COEFFICIENTS = 19  # of the cepstrum, the level left out
_BLOCK = 4  # frames, 50 ms: how finely cuts are placed


@dataclass(frozen=True)
class Segment:
    """A part of the recording (seconds) that sounds alike: its label and its log-likelihood ratio."""

    start: float
    end: float
    label: Label
    llr: float

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers and strings."""
        return {
            "start": round(self.start, 3),
            "end": round(self.end, 3),
            "label": self.label,
            "llr": round(self.llr, 4),
        }


def localise(source: AudioLike, model: str | Detector = DEFAULT_DETECTOR, *, rate: int | None = None) -> list[Segment]:
    """The parts of a recording in order and without gaps: one where nothing changes, none where nobody speaks.

    Costs about twice as much as a verdict. `AudioError` for what cannot be read.
    """
    detector = load_detector(model) if isinstance(model, str) else model
    audio = without_offset(as_audio(source, rate=rate)).resampled(detector.rate)
    if not speech_segments(audio):
        return []
    edges = [0.0, *acoustic_cuts(audio), audio.duration]
    pieces = [score_piece(audio, start, end, detector) for start, end in pairwise(edges)]
    return join(edges, np.array(pieces), detector)


def acoustic_cuts(audio: Audio, penalty: float = CUT_PENALTY) -> list[float]:
    """Seconds at which the sound changes its character: voice, room or channel, and some changes of speech itself."""
    samples = audio.resampled(MEL.rate).samples
    cuts = []
    for first in range(0, len(samples), int(MOST_SECONDS * MEL.rate)):
        stretch = cepstrum(samples[first : first + int(MOST_SECONDS * MEL.rate)])
        blocks = len(stretch) // _BLOCK
        if blocks < 2:
            continue
        criterion = penalty * _COEFFICIENTS * np.log(blocks * _BLOCK)
        found = best_cuts(gaussian(stretch, _BLOCK), blocks, criterion, round(SHORTEST_PIECE * MEL.frame_rate / _BLOCK))
        cuts += [first / MEL.rate + cut * _BLOCK / MEL.frame_rate for cut in found]
    return cuts


def cepstrum(samples: Floats) -> NDArray[np.float64]:
    """Cosine transform of the log mel without its first coefficient, the level: `(frames, 19)`."""
    mel = log_mel(samples).astype(np.float64)
    orders, bands = np.arange(1, _COEFFICIENTS + 1)[:, None], np.arange(len(mel)) + 0.5
    return np.asarray((np.cos(np.pi * orders * bands / len(mel)) @ mel).T / 10)


def score_piece(audio: Audio, start: float, end: float, detector: Detector) -> float:
    """The ratio of one piece by itself; 0 (says nothing) where it is too short or silent."""
    piece = audio.samples[round(start * audio.rate) : round(end * audio.rate)]
    return detector.score(Audio(piece, audio.rate)).clip_llr


def join(
    edges: list[float], ratios: NDArray[np.float64], detector: Detector, penalty: float = JOIN_PENALTY
) -> list[Segment]:
    """Pieces between the edges (seconds) and their ratios to parts: the best steps, weighing pieces by length."""
    lengths = np.diff(np.array(edges))
    cuts = best_cuts(squared_error(ratios, lengths), len(ratios), penalty)
    parts = []
    for first, last in pairwise([0, *cuts, len(ratios)]):
        ratio = float(np.average(ratios[first:last], weights=lengths[first:last]))
        parts.append(Segment(edges[first], edges[last], detector.calibration.label(ratio), ratio))
    return parts
