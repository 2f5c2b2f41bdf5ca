"""Why a verdict is what it is: the score over time, the most suspicious seconds, the bands that moved it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio
from voxproof.detection.calibration import probability
from voxproof.detection.detector import Detector, Scores
from voxproof.detection.occlusion import BandEffect, band_effects

STRETCH = 1.0  # seconds of a suspicious stretch
STRETCHES = 3
TELLING = 0.5  # change of the ratio by a band that is worth a sentence
STEP = 0.25  # seconds between two points of the curve
LONGEST_HEARD = 20.0  # seconds in which bands are occluded, so that an hour costs no more than this


@dataclass(frozen=True)
class Moment:
    """The log-likelihood ratio (positive: synthetic) around one time in seconds."""

    time: float
    llr: float


@dataclass(frozen=True)
class Stretch:
    """A stretch of the recording (seconds), its ratio and its probability of being synthetic."""

    start: float
    end: float
    llr: float
    probability: float


@dataclass(frozen=True)
class Explanation:
    """What moved a verdict.

    `curve` is the score over time, `suspicious` the stretches of a second with the highest scores (worst first, apart
    from each other), `bands` what each band did to the ratio of the stretch `heard` (seconds): the whole recording, or
    the most suspicious part of a long one.
    """

    curve: tuple[Moment, ...]
    suspicious: tuple[Stretch, ...]
    bands: tuple[BandEffect, ...]
    heard: tuple[float, float]

    @property
    def leading_band(self) -> BandEffect | None:
        """The band that moved the ratio farthest, either way."""
        return max(self.bands, key=lambda band: abs(band.change), default=None)

    def __str__(self) -> str:
        parts = []
        if self.suspicious:
            said = ", ".join(f"{one.start:.1f} to {one.end:.1f} s" for one in self.suspicious)
            parts.append(f"Most suspicious: {said}.")
        leading = self.leading_band
        if leading is not None and abs(leading.change) >= TELLING:
            side = "synthetic" if leading.change > 0 else "real"
            parts.append(
                f"What moved the score most lies between {leading.low / 1000:g} and {leading.high / 1000:g} kHz and "
                f"speaks for a {side} voice."
            )
        return " ".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """Everything, as plain numbers, lists and dictionaries."""
        return {
            "curve": [{"time": round(one.time, 3), "llr": round(one.llr, 4)} for one in self.curve],
            "suspicious": [
                {
                    "start": round(one.start, 3),
                    "end": round(one.end, 3),
                    "llr": round(one.llr, 4),
                    "probability": round(one.probability, 4),
                }
                for one in self.suspicious
            ],
            "bands": [{"low": one.low, "high": one.high, "change": round(one.change, 4)} for one in self.bands],
            "heard": [round(second, 3) for second in self.heard],
            "sentence": str(self),
        }


def explain_scores(
    audio: Audio, speech: list[tuple[float, float]], detector: Detector, scores: Scores, weight: float = 1.0
) -> Explanation:
    """Explain the `scores` of `audio`, at the detector's rate, whose stretches of `speech` (seconds) are known.

    Ratios are multiplied by `weight`, what the recording's condition leaves of them. Costs about nine scorings of the
    recording, or of its most suspicious 20 s.
    """
    if not len(scores.llr):
        return Explanation((), (), (), (0.0, audio.duration))
    times, ratios = curve_of(detector.dense(audio, STEP), audio.duration)
    ratios = weight * ratios
    start, end = most_suspicious(times, ratios, LONGEST_HEARD, audio.duration)
    heard = Audio(audio.samples[round(start * audio.rate) : round(end * audio.rate)], audio.rate)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in speech if b > start and a < end]
    effects = band_effects(heard, inside, detector)
    return Explanation(
        curve=tuple(Moment(float(time), float(one)) for time, one in zip(times, ratios, strict=True)),
        suspicious=suspicious_stretches(times, ratios, speech, audio.duration),
        bands=tuple(BandEffect(one.low, one.high, weight * one.change) for one in effects),
        heard=(start, end),
    )


def curve_of(scores: Scores, duration: float, step: float = STEP) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times and ratios every `step` seconds: the mean of the windows that hear that time, the nearer the more.

    A window counts by a triangle over its length, so the curve is finer than the windows.
    """
    times = np.arange(step / 2, max(duration, step), step)
    middle, half = scores.times.mean(axis=1), (scores.times[:, 1] - scores.times[:, 0]) / 2
    nearness = np.maximum(1 - np.abs(times[:, None] - middle) / np.maximum(half, 1e-3), 0) ** 2
    silent = nearness.sum(axis=1) < 1e-6  # at the very edges, where no window is centred: the nearest one speaks
    nearness[silent, np.abs(times[silent, None] - middle).argmin(axis=1)] = 1.0
    return times, np.asarray((nearness * scores.llr).sum(axis=1) / nearness.sum(axis=1))


def suspicious_stretches(
    times: NDArray[np.float64],
    ratios: NDArray[np.float64],
    speech: list[tuple[float, float]],
    duration: float,
) -> tuple[Stretch, ...]:
    """The stretches of a second with the highest mean ratio that hold some speech, worst first, without overlap."""
    length = min(STRETCH, duration)
    last = max(duration - length, 0.0)
    candidates = []
    for start in np.append(np.arange(0, last, STEP), last):
        end = start + length
        spoken = sum(max(0.0, min(b, end) - max(a, start)) for a, b in speech)
        inside = (times >= start) & (times <= end)
        if inside.any() and (not speech or spoken >= length / 2):
            candidates.append((float(ratios[inside].mean()), float(start)))
    chosen: list[tuple[float, float]] = []
    for ratio, start in sorted(candidates, key=lambda one: (-one[0], one[1])):
        if len(chosen) < STRETCHES and all(abs(start - other) >= length - 1e-6 for _, other in chosen):
            chosen.append((ratio, start))
    return tuple(Stretch(start, start + length, ratio, probability(ratio)) for ratio, start in chosen)


def most_suspicious(
    times: NDArray[np.float64], ratios: NDArray[np.float64], length: float, duration: float
) -> tuple[float, float]:
    """Start and end of the stretch of `length` seconds with the highest mean ratio; all of it if it is shorter."""
    if duration <= length:
        return 0.0, duration
    starts = np.arange(0, duration - length, 1.0)
    means = [ratios[(times >= start) & (times < start + length)].mean() for start in starts]
    best = float(starts[int(np.argmax(means))])
    return best, best + length
