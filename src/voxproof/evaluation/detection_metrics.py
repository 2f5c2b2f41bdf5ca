"""How well scores tell two classes apart: EER, AUC, DCF, Cllr and the rates at a threshold.

Scores rise with the positive class (fake speech for a detector, the same speaker for verification); a trial is called
positive when its score is at least the threshold. FNR is the share of positives called negative, FPR the share of
negatives called positive.

Every metric takes optional weights `(resamples, trials)`, as `bootstrap` draws them, and answers for all at once.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from voxproof.evaluation.bootstrap import Interval, Weights, bootstrap, divide

Values = NDArray[np.float64]


METRICS = ("eer", "auc", "min_dcf", "act_dcf", "dcf_ratio", "cllr", "accuracy", "f1", "fpr", "fnr", "hter")


@dataclass(frozen=True)
class Costs:
    """What a decision costs: the prior of the positive class and the price of each error."""

    prior: float
    miss: float  # a positive called negative: a fake that passes
    false_alarm: float  # a negative called positive: a real voice accused

    @property
    def threshold(self) -> float:
        """The log-likelihood ratio at and above which calling a trial positive is cheaper (Bayes)."""
        return float(np.log((1 - self.prior) * self.false_alarm / (self.prior * self.miss)))


# ASVspoof 5, track 1 (arXiv:2408.08739): fakes are rare and dear.
ASVSPOOF5 = Costs(prior=0.05, miss=10.0, false_alarm=1.0)


@dataclass(frozen=True)
class Trials:
    """Scores `(n,)` and which of them are positive `(n,)`."""

    scores: Values
    positive: NDArray[np.bool_]

    def __post_init__(self) -> None:
        if self.scores.shape != self.positive.shape or self.scores.ndim != 1:
            raise ValueError(f"{self.scores.shape} scores do not go with {self.positive.shape} labels")
        if np.isnan(self.scores).any():
            raise ValueError("a score is NaN")

    @classmethod
    def of(cls, positives: ArrayLike, negatives: ArrayLike) -> "Trials":
        """Scores of the positive and of the negative class, in this order."""
        above, below = np.asarray(positives, np.float64).ravel(), np.asarray(negatives, np.float64).ravel()
        return cls(np.concatenate([above, below]), np.repeat([True, False], [above.size, below.size]))

    def weights(self, weights: Weights | None) -> Weights:
        """The weights given, or one of everything."""
        return np.ones((1, self.scores.size)) if weights is None else weights


def det_curve(trials: Trials, weights: Weights | None = None) -> tuple[Values, Values]:
    """FNR and FPR, each `(resamples, k + 1)`, for thresholds below, between and above the k distinct scores.

    The first column has the threshold at minus infinity (FNR 0, FPR 1), the last at plus infinity (FNR 1, FPR 0). NaN
    where a class is empty.
    """
    counts = trials.weights(weights)
    order = np.argsort(trials.scores, kind="stable")
    ordered = trials.scores[order]
    ends = np.append(np.flatnonzero(np.diff(ordered) > 0), ordered.size - 1) if ordered.size else np.zeros(0, np.intp)
    positive = trials.positive[order]
    counts = counts[:, order]

    def below(chosen: NDArray[np.bool_]) -> Values:
        """The share of a class under each threshold."""
        summed = np.cumsum(counts * chosen, axis=1)
        total = summed[:, -1:] if ordered.size else np.zeros((len(counts), 1))
        shares = divide(summed[:, ends], np.broadcast_to(total, (len(counts), ends.size)))
        return np.concatenate([np.where(total > 0, 0.0, np.nan), shares], axis=1)

    return below(positive), 1 - below(~positive)


def eer(trials: Trials, weights: Weights | None = None) -> Values:
    """Equal error rate, `(resamples,)`.

    The points of `det_curve` are joined by straight lines and the EER is where that line has FNR = FPR. Without ties
    the line is the staircase itself; scores that tie move both rates at once, along a slope.
    """
    fnr, fpr = det_curve(trials, weights)
    gap = fnr - fpr  # from -1 to 1, never falling
    rows = np.arange(len(gap))
    after = np.maximum(np.argmax(gap >= 0, axis=1), 1)
    left, right = gap[rows, after - 1], gap[rows, after]
    part = divide(-left, right - left)
    start, end = fnr[rows, after - 1], fnr[rows, after]
    return np.asarray(start + part * (end - start))


def auc(trials: Trials, weights: Weights | None = None) -> Values:
    """Area under the ROC curve, `(resamples,)`: how often a positive outscores a negative, ties counting half."""
    fnr, fpr = det_curve(trials, weights)
    heights = 1 - (fnr[:, 1:] + fnr[:, :-1]) / 2
    return np.asarray((heights * -np.diff(fpr, axis=1)).sum(axis=1))


def _normalised(fnr: Values, fpr: Values, costs: Costs) -> Values:
    missing, alarming = costs.prior * costs.miss, (1 - costs.prior) * costs.false_alarm
    return (missing * fnr + alarming * fpr) / min(missing, alarming)


def min_dcf(trials: Trials, weights: Weights | None = None, costs: Costs = ASVSPOOF5) -> Values:
    """Detection cost at the best threshold, `(resamples,)`; 1 is what always giving the cheaper answer costs."""
    fnr, fpr = det_curve(trials, weights)
    return np.asarray(_normalised(fnr, fpr, costs).min(axis=1))


def act_dcf(trials: Trials, weights: Weights | None = None, costs: Costs = ASVSPOOF5) -> Values:
    """Detection cost at the Bayes threshold, `(resamples,)`: what calibrated ratios would make the best one."""
    rates = rates_at(trials, costs.threshold, weights)
    return _normalised(rates["fnr"], rates["fpr"], costs)


def cllr(trials: Trials, weights: Weights | None = None) -> Values:
    """Cost of log-likelihood ratios in bits, `(resamples,)`: 0 is certain and right, 1 says nothing."""
    counts = trials.weights(weights)
    penalty = np.logaddexp(0, np.where(trials.positive, -trials.scores, trials.scores)) / np.log(2)

    def mean(chosen: NDArray[np.bool_]) -> Values:
        return divide(counts[:, chosen] @ penalty[chosen], counts[:, chosen].sum(axis=1))

    return (mean(trials.positive) + mean(~trials.positive)) / 2


def dcf_ratio(trials: Trials, weights: Weights | None = None, costs: Costs = ASVSPOOF5) -> Values:
    """actDCF over minDCF, `(resamples,)`: what bad calibration costs; 1 is none. NaN where minDCF is 0."""
    return divide(act_dcf(trials, weights, costs), min_dcf(trials, weights, costs))


def rates_at(trials: Trials, threshold: float, weights: Weights | None = None) -> dict[str, Values]:
    """At a threshold fixed beforehand: `fnr`, `fpr`, `hter` (their mean), `accuracy`, `f1`, each `(resamples,)`."""
    counts = trials.weights(weights)
    called = trials.scores >= threshold

    def count(chosen: NDArray[np.bool_]) -> Values:
        return np.asarray(counts[:, chosen].sum(axis=1))

    hits, misses = count(trials.positive & called), count(trials.positive & ~called)
    alarms, passes = count(~trials.positive & called), count(~trials.positive & ~called)
    fnr, fpr = divide(misses, hits + misses), divide(alarms, alarms + passes)
    return {
        "fnr": fnr,
        "fpr": fpr,
        "hter": (fnr + fpr) / 2,
        "accuracy": divide(hits + passes, hits + misses + alarms + passes),
        "f1": divide(2 * hits, 2 * hits + misses + alarms),
    }


def detection_figures(
    trials: Trials,
    clusters: Sequence[Hashable],
    *,
    threshold: float = 0.0,
    costs: Costs = ASVSPOOF5,
    resamples: int = 1000,
    seed: int = 0,
    by_class: bool = False,
) -> dict[str, Interval]:
    """All metrics with their intervals over `clusters` (one name a trial: its page, generator or speaker).

    With `by_class` the clusters of positives and of negatives are drawn apart (generators for the ones, speakers for
    the others). `threshold` is the operating point of the rates; scores are taken for natural log-likelihood ratios.
    """
    strata = trials.positive.tolist() if by_class else None

    def interval(metric: str) -> Interval:
        def statistic(weights: Weights) -> Values:
            match metric:
                case "eer":
                    return eer(trials, weights)
                case "auc":
                    return auc(trials, weights)
                case "min_dcf":
                    return min_dcf(trials, weights, costs)
                case "act_dcf":
                    return act_dcf(trials, weights, costs)
                case "dcf_ratio":
                    return dcf_ratio(trials, weights, costs)
                case "cllr":
                    return cllr(trials, weights)
                case _:
                    return rates_at(trials, threshold, weights)[metric]

        return bootstrap(statistic, clusters, resamples=resamples, seed=seed, strata=strata)

    return {name: interval(name) for name in METRICS}
