"""Which parts of a recording are real and which are made: cut where the sound changes, then ask of each part.

Windows of a detector hear seconds, so their scores ramp over a splice and say poorly where it is. A splice also joins
two voices, rooms or channels, and that change has a place: where the statistics of the cepstrum change
(`change_points.gaussian`), pauses left out, since a longer pause is no other voice. So the recording is cut there, the
detector scores every piece by itself, and neighbours whose scores hardly differ are joined.
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
from voxproof.features.mel import MEL, log_mel

SHORTEST_PIECE = 0.6  # seconds, about: two thirds of it without pauses
CUT_PENALTY = 2.0  # times that of the Bayesian information criterion, as frames resemble their neighbours
JOIN_PENALTY = 0.1  # seconds times squared ratio that a boundary has to explain
PAUSE_SHARE = 0.35  # of the frames, the faintest: they do not count for the character of the sound
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
        mel = log_mel(samples[first : first + int(MOST_SECONDS * MEL.rate)]).astype(np.float64)
        level = mel.mean(axis=0)
        sounding = np.flatnonzero(level > np.quantile(level, PAUSE_SHARE))
        blocks = len(sounding) // _BLOCK
        if blocks < 2:
            continue
        criterion = penalty * _COEFFICIENTS * np.log(blocks * _BLOCK)
        shortest = round(SHORTEST_PIECE * (1 - PAUSE_SHARE) * MEL.frame_rate / _BLOCK)
        found = best_cuts(gaussian(cepstrum(mel)[sounding], _BLOCK), blocks, criterion, shortest)
        cuts += [first / MEL.rate + float(sounding[cut * _BLOCK]) / MEL.frame_rate for cut in found]
    return cuts


def cepstrum(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosine transform of a log mel `(bands, frames)` without its first coefficient, the level: `(frames, 19)`."""
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
