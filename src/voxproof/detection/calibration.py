"""From a network's score to a log-likelihood ratio, a probability and a label.

A straight line (Platt's logistic calibration with equal priors) maps scores to log-likelihood ratios: positive speaks
for synthetic speech. Between two thresholds the answer is `uncertain`; they are set so that, on pages of the training
set that the network never saw, no more than a fiftieth of the real clips is called fake (as they are and, where a
recipe asks for it, once more through codecs) and no more than a tenth of the fake ones real.
"""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

Label = Literal["real", "fake", "uncertain"]
MOST_LLR = 20.0  # beyond it a probability is 0 or 1 to nine digits
# Shares that may get the other class's label on held-out pages. A real voice that is called fake is the worse mistake.
FALSE_ALARMS = 0.02  # of real clips
MISSES = 0.10  # of fake clips
NARROWEST_BAND = 0.4  # LLR; a detector that errs less still leaves toss-ups alone
_RIDGE = 1e-3  # keeps the slope finite when held-out classes do not overlap


class Line(BaseModel):
    """`llr = slope * score + offset`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slope: float = Field(gt=0, allow_inf_nan=False)
    offset: float = Field(allow_inf_nan=False)

    def llr(self, score: float) -> float:
        """The natural log-likelihood ratio of a score; 0 (says nothing) of a score that is not finite."""
        if not math.isfinite(score):
            return 0.0
        return min(max(self.slope * score + self.offset, -MOST_LLR), MOST_LLR)


class Calibration(BaseModel):
    """How scores of windows and of whole clips are read; part of a detector's card."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    clip: Line
    window: Line
    real_below: float = Field(le=0, description="LLR of a clip below which it is called real")
    fake_above: float = Field(ge=0, description="LLR of a clip above which it is called fake")

    @model_validator(mode="after")
    def _bounded(self) -> "Calibration":
        if not (math.isfinite(self.real_below) and math.isfinite(self.fake_above)):
            raise ValueError("the thresholds must be finite")
        return self

    def label(self, llr: float) -> Label:
        """`fake` above the band, `real` below it, else `uncertain`."""
        if llr > self.fake_above:
            return "fake"
        return "real" if llr < self.real_below else "uncertain"


def probability(llr: float) -> float:
    """Probability of synthetic speech if real and synthetic were equally likely beforehand: in [0, 1], never NaN."""
    if math.isnan(llr):
        return 0.5
    return 1 / (1 + math.exp(-min(max(llr, -MOST_LLR), MOST_LLR)))


def fit_line(scores: NDArray[np.float64], fake: NDArray[np.bool_]) -> Line:
    """Logistic regression on one number, both classes weighing the same (Newton's method).

    Scores that are not finite are left out. `ValueError` unless both classes are there and higher scores mean fake.
    """
    finite = np.isfinite(scores)
    scores, fake = np.asarray(scores, np.float64)[finite], np.asarray(fake, bool)[finite]
    if not fake.any() or fake.all():
        raise ValueError("calibration needs scores of both classes")
    weights = np.where(fake, 0.5 / fake.sum(), 0.5 / (~fake).sum())
    middle, spread = float(scores.mean()), float(scores.std()) or 1.0
    inputs = np.stack([(scores - middle) / spread, np.ones_like(scores)], axis=1)
    ridge = np.diag([_RIDGE, 0.0])
    line = np.zeros(2)
    for _ in range(100):
        predicted = 1 / (1 + np.exp(-np.clip(inputs @ line, -MOST_LLR, MOST_LLR)))
        gradient = inputs.T @ (weights * (predicted - fake)) + ridge @ line
        curvature = (inputs * (weights * np.maximum(predicted * (1 - predicted), 1e-9))[:, None]).T @ inputs + ridge
        step = np.linalg.solve(curvature, gradient)
        step *= min(1.0, 2.0 / float(np.abs(step).max() + 1e-12))  # far from the solution Newton's step overshoots
        line -= step
        if float(np.abs(step).max()) < 1e-9:
            break
    if line[0] <= 0:
        raise ValueError("real clips score higher than fake ones: there is nothing to calibrate")
    return Line(slope=float(line[0] / spread), offset=float(line[1] - line[0] * middle / spread))


def fit_calibration(
    clip_scores: NDArray[np.float64],
    clip_fake: NDArray[np.bool_],
    window_scores: NDArray[np.float64],
    window_fake: NDArray[np.bool_],
    coded_real: NDArray[np.float64] | None = None,
) -> Calibration:
    """Lines for clips and windows, and the thresholds of the band; see the module.

    `coded_real` are scores of real clips that went through codecs once more: they count as much as the others where
    the threshold of fake is set, since recordings come to a detector through calls and messages, too.
    """
    clip = fit_line(clip_scores, clip_fake)
    llrs = np.array([clip.llr(float(score)) for score in clip_scores])
    coded = [clip.llr(float(score)) for score in (coded_real if coded_real is not None else ())]
    real = np.concatenate([llrs[~clip_fake], coded])
    half = NARROWEST_BAND / 2
    return Calibration(
        clip=clip,
        window=fit_line(window_scores, window_fake),
        real_below=round(min(-half, float(np.quantile(llrs[clip_fake], MISSES))), 4),
        fake_above=round(max(half, float(np.quantile(real, 1 - FALSE_ALARMS))), 4),
    )
