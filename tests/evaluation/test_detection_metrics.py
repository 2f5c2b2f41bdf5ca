"""Golden cases worked out by hand; each comment says how."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.evaluation.bootstrap import cluster_weights
from voxproof.evaluation.detection_metrics import (
    ASVSPOOF5,
    Costs,
    Trials,
    act_dcf,
    auc,
    cllr,
    dcf_ratio,
    det_curve,
    detection_figures,
    eer,
    min_dcf,
    rates_at,
)

EXACT = {"rel": 0, "abs": 1e-9}
scores = st.lists(st.integers(-5, 5).map(float), min_size=1, max_size=12)


def test_the_det_curve_runs_from_one_corner_to_the_other() -> None:
    fnr, fpr = det_curve(Trials.of([1, 2], [0, 1]))
    assert fnr.tolist() == [[0, 0, 0.5, 1]]  # thresholds below 0, above 0, above 1, above 2
    assert fpr.tolist() == [[1, 0.5, 0, 0]]


@pytest.mark.parametrize(
    ("positives", "negatives", "expected"),
    [
        ([1, 2, 3], [-1, -2, -3], 0.0),
        ([-1, -2, -3], [1, 2, 3], 1.0),
        # Above 1.5: one of four positives (1) is missed; one of four negatives (2.5) passes.
        ([2, 3, 4, 1], [0, 1.5, 1, 2.5], 0.25),
        # All tie: the line from (0, 1) to (1, 0) meets the diagonal in the middle.
        ([0, 0], [0, 0, 0], 0.5),
        # Points (0, 1/2), then the tie at 1 moves both rates to (1/2, 0): halfway, 1/4.
        ([1, 2], [0, 1], 0.25),
        # Steps (0, 1), (0, 2/3), (1/2, 2/3), (1/2, 1/3), ...: the riser at FNR 1/2 crosses from 2/3 to 1/3.
        ([0.5, 3], [0, 1, 2], 0.5),
        # (0, 2/3) then the tie of one positive and one negative at 1 leads to (1/2, 1/3): 0 + t/2 = 2/3 - t/3, t = 4/5.
        ([1, 3], [0, 1, 2], 0.4),
    ],
)
def test_eer(positives: list[float], negatives: list[float], expected: float) -> None:
    assert eer(Trials.of(positives, negatives))[0] == pytest.approx(expected, **EXACT)


@pytest.mark.parametrize(
    ("positives", "negatives", "expected"),
    [([1, 2], [0, -1], 1.0), ([0], [0], 0.5), ([1, 3], [2], 0.5), ([1, 2], [0, 1], 7 / 8)],
)
def test_auc_counts_pairs_and_halves_ties(positives: list[float], negatives: list[float], expected: float) -> None:
    assert auc(Trials.of(positives, negatives))[0] == pytest.approx(expected, **EXACT)


@given(scores, scores)
@settings(deadline=None)
def test_auc_is_the_mann_whitney_statistic(positives: list[float], negatives: list[float]) -> None:
    pairs = [(p > n) + 0.5 * (p == n) for p in positives for n in negatives]
    assert auc(Trials.of(positives, negatives))[0] == pytest.approx(np.mean(pairs), abs=1e-12)


@given(scores, scores)
@settings(deadline=None)
def test_eer_does_not_change_with_the_scale_and_mirrors_with_the_classes(p: list[float], n: list[float]) -> None:
    found = eer(Trials.of(p, n))[0]
    assert 0 <= found <= 1
    assert eer(Trials.of(np.exp(p), np.exp(n)))[0] == pytest.approx(found, abs=1e-12)
    assert eer(Trials.of(-np.array(n), -np.array(p)))[0] == pytest.approx(found, abs=1e-12)


def test_min_dcf() -> None:
    # Costs .5/1/1: DCF = FNR + FPR after normalisation by .5. Thresholds of [1, 2] against [0, 1]: 1, .5, .5, 1.
    assert min_dcf(Trials.of([1, 2], [0, 1]), costs=Costs(0.5, 1, 1))[0] == pytest.approx(0.5, **EXACT)
    # ASVspoof 5: (.5 FNR + .95 FPR) / .5. The points (0, .5), (.5, 0): .95 and .5.
    assert min_dcf(Trials.of([1, 2], [0, 1]))[0] == pytest.approx(0.5, **EXACT)
    # Useless scores cost as much as no detector.
    assert min_dcf(Trials.of([0, 0], [0, 0]))[0] == pytest.approx(1.0, **EXACT)


def test_act_dcf_uses_the_bayes_threshold() -> None:
    assert ASVSPOOF5.threshold == pytest.approx(math.log(0.95 / 0.5), **EXACT)  # 0.642
    # At 0.642: 0.5 of two fakes is missed, 1.0 of two real clips is accused: (.5 * .5 + .95 * .5) / .5 = 1.45.
    assert act_dcf(Trials.of([0.5, 3], [-2, 1]))[0] == pytest.approx(1.45, **EXACT)


def test_dcf_ratio() -> None:
    # FNR and FPR (0, 1), (0, .5), (.5, .5), (.5, 0), (1, 0) cost 1.9, .95, 1.45, .5 and 1; the Bayes threshold 1.45.
    assert dcf_ratio(Trials.of([0.5, 3], [-2, 1]))[0] == pytest.approx(1.45 / 0.5, **EXACT)
    assert np.isnan(dcf_ratio(Trials.of([1, 2], [-1, -2]))[0])  # nothing errs at the best threshold


def test_hter_is_the_mean_of_both_error_rates() -> None:
    # Four fakes of which one is missed, two real clips of which one is accused: (1/4 + 1/2) / 2; accuracy is 4/6.
    found = rates_at(Trials.of([1, 2, 3, -1], [0.5, -2]), 0)
    assert found["hter"][0] == pytest.approx(3 / 8, **EXACT)
    assert found["fnr"][0] == pytest.approx(1 / 4, **EXACT)
    assert found["fpr"][0] == pytest.approx(1 / 2, **EXACT)
    assert found["accuracy"][0] == pytest.approx(4 / 6, **EXACT)
    # A threshold carried over that calls everything real: FNR 1, FPR 0.
    assert rates_at(Trials.of([1, 2], [0]), 9)["hter"][0] == pytest.approx(1 / 2, **EXACT)
    # Weights: the missed fake twice, the accused clip not at all.
    weights = np.array([[1.0, 1, 1, 2, 0, 1]])
    assert rates_at(Trials.of([1, 2, 3, -1], [0.5, -2]), 0, weights)["hter"][0] == pytest.approx(1 / 5, **EXACT)


def test_cllr() -> None:
    assert cllr(Trials.of([0, 0], [0]))[0] == pytest.approx(1.0, **EXACT)  # ratios of one say nothing
    # log2(1 + 1/3) for a fake at ln 3, log2(1 + 1/7) for a real clip at -ln 7, averaged.
    expected = (math.log2(4 / 3) + math.log2(8 / 7)) / 2
    assert cllr(Trials.of([math.log(3)], [-math.log(7)]))[0] == pytest.approx(expected, **EXACT)
    assert np.isfinite(cllr(Trials.of([-1e4], [1e4]))).all()


def test_rates_at_a_threshold() -> None:
    # Called fake: 1, 2, 3 of the fakes and one of the four real clips; a score at the threshold counts.
    found = {name: float(value[0]) for name, value in rates_at(Trials.of([0, 1, 2, 3], [-1, -2, -3, 5]), 1).items()}
    expected = {"fnr": 1 / 4, "fpr": 1 / 4, "hter": 1 / 4, "accuracy": 6 / 8, "f1": 6 / 8}
    assert found == {name: pytest.approx(value, **EXACT) for name, value in expected.items()}
    # 3 hits, 2 misses, 0 alarms: F1 = 6 / 8; accuracy 4 / 6.
    other = rates_at(Trials.of([1, 1, 1, -1, -1], [-1]), 0)
    assert other["f1"][0] == pytest.approx(6 / 8, **EXACT)
    assert other["accuracy"][0] == pytest.approx(4 / 6, **EXACT)


def test_weights_count_trials_several_times() -> None:
    rng = np.random.default_rng(0)
    trials = Trials.of(rng.normal(1, 1, 8).round(1), rng.normal(0, 1, 9).round(1))
    weights = cluster_weights(range(17), 6, seed=1)
    weights[0] = 1
    for metric in (eer, auc, min_dcf, act_dcf, cllr):
        together = metric(trials, weights)
        for row, value in zip(weights, together, strict=True):
            repeated = np.repeat(np.arange(17), row.astype(int))
            alone = metric(Trials(trials.scores[repeated], trials.positive[repeated]))[0]
            assert value == pytest.approx(alone, abs=1e-12)


def test_a_missing_class_has_no_figure() -> None:
    lonely = Trials.of([1.0, 2.0], [])
    assert np.isnan(eer(lonely)[0])
    assert np.isnan(auc(lonely)[0])
    assert np.isnan(cllr(lonely)[0])
    assert np.isnan(rates_at(lonely, 0)["fpr"][0])


def test_nan_scores_and_odd_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        Trials.of([float("nan")], [0])
    with pytest.raises(ValueError, match="do not go with"):
        Trials(np.zeros(3), np.zeros(2, bool))


def test_all_figures_come_with_intervals() -> None:
    rng = np.random.default_rng(3)
    trials = Trials.of(rng.normal(1, 1, 60), rng.normal(-1, 1, 60))
    found = detection_figures(trials, [place % 12 for place in range(120)], resamples=300)
    names = {"eer", "auc", "min_dcf", "act_dcf", "dcf_ratio", "cllr", "accuracy", "f1", "fpr", "fnr", "hter"}
    assert set(found) == names
    for name, one in found.items():
        assert one.low <= one.value <= one.high, name
    assert found["eer"].value == pytest.approx(0.16, abs=0.06)  # of two unit normals 2 apart: Phi(-1) = 0.159
    assert found["min_dcf"].value <= found["act_dcf"].value


def test_classes_are_drawn_apart() -> None:
    """One generator and one speaker: nothing to draw from in either class, so that every resample is the sample."""
    trials = Trials.of([1, 2, 3, -1], [0, -2, 2])
    apart = detection_figures(trials, ["g"] * 4 + ["s"] * 3, resamples=50, by_class=True)
    assert apart["eer"].low == pytest.approx(apart["eer"].value, abs=1e-12) == apart["eer"].high
    assert apart["eer"].clusters == 2
    assert apart["fpr"].value == pytest.approx(2 / 3, **EXACT)
    # A name that a generator and a speaker share is two clusters.
    assert detection_figures(trials, ["x"] * 7, resamples=50, by_class=True)["eer"].clusters == 2
