import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from voxproof.detection.calibration import (
    FALSE_ALARMS,
    MISSES,
    MOST_LLR,
    Calibration,
    Line,
    fit_calibration,
    fit_line,
    probability,
)

LINE = Line(slope=2.0, offset=-1.0)


@given(st.floats())
def test_any_score_gives_a_finite_ratio_and_a_probability(score):
    llr = LINE.llr(score)
    assert math.isfinite(llr)
    assert abs(llr) <= MOST_LLR
    assert 0.0 <= probability(llr) <= 1.0
    assert 0.0 <= probability(score) <= 1.0


def test_a_score_that_is_no_number_says_nothing():
    assert LINE.llr(math.nan) == 0.0
    assert probability(math.nan) == 0.5


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_probability_rises_with_the_ratio(a, b):
    assert (probability(a) <= probability(b)) == (a <= b) or abs(a - b) < 1e-9 or min(abs(a), abs(b)) >= MOST_LLR


def test_the_line_is_found_again():
    # Two normal classes of one deviation: the true log-likelihood ratio is a line with a known slope and offset.
    rng = np.random.default_rng(0)
    real, fake = rng.normal(-1.0, 1.5, 40_000), rng.normal(2.0, 1.5, 10_000)
    line = fit_line(np.concatenate([real, fake]), np.repeat([False, True], [40_000, 10_000]))
    assert line.slope == pytest.approx(3.0 / 1.5**2, rel=0.05)
    assert line.offset == pytest.approx(-(2.0**2 - 1.0**2) / (2 * 1.5**2), abs=0.05)


def test_separable_classes_give_a_finite_line():
    line = fit_line(np.array([-2.0, -1.5, 1.0, 2.0]), np.array([False, False, True, True]))
    assert 0 < line.slope < 1000


def test_scores_that_are_no_numbers_are_left_out():
    line = fit_line(np.array([-2.0, -1.5, math.nan, 1.0, 0.5, math.inf]), np.array([0, 0, 0, 1, 1, 1], bool))
    assert math.isfinite(line.slope)


@pytest.mark.parametrize(
    ("scores", "fake"), [([1.0, 2.0], [True, True]), ([2.0, 1.0, 3.0, 0.5], [False, True, False, True])]
)
def test_what_cannot_be_calibrated_is_refused(scores, fake):
    with pytest.raises(ValueError, match="calibrat"):
        fit_line(np.array(scores), np.array(fake))


def test_the_band_bounds_the_errors_on_what_it_was_fitted_on():
    rng = np.random.default_rng(1)
    scores = np.concatenate([rng.normal(-0.7, 1, 500), rng.normal(0.7, 1, 500)])
    fake = np.repeat([False, True], 500)
    calibration = fit_calibration(scores, fake, scores, fake)
    labels = np.array([calibration.label(calibration.clip.llr(score)) for score in scores])
    assert (labels[fake] == "real").mean() <= MISSES + 0.005
    assert (labels[~fake] == "fake").mean() <= FALSE_ALARMS + 0.005
    assert (labels == "uncertain").any()


def test_a_perfect_detector_still_leaves_toss_ups_alone():
    scores, fake = np.array([-9.0, -8.0, 8.0, 9.0] * 20), np.array([False, False, True, True] * 20)
    calibration = fit_calibration(scores, fake, scores, fake)
    assert calibration.label(0.0) == "uncertain"
    assert calibration.label(1.0) == "fake"
    assert calibration.label(-1.0) == "real"


@pytest.mark.parametrize("change", [{"slope": -1.0}, {"slope": math.nan}, {"offset": math.inf}, {"extra": 1}])
def test_a_card_with_a_broken_line_is_refused(change):
    with pytest.raises(ValidationError):
        Line.model_validate({"slope": 1.0, "offset": 0.0, **change})


def test_thresholds_must_lie_around_zero():
    with pytest.raises(ValidationError):
        Calibration(clip=LINE, window=LINE, real_below=0.5, fake_above=1.0)


def test_what_codecs_do_to_real_speech_moves_the_threshold_of_fake_alone():
    rng = np.random.default_rng(0)
    scores, fake = np.concatenate([rng.normal(-2, 1, 500), rng.normal(2, 1, 500)]), np.arange(1000) >= 500
    plain = fit_calibration(scores, fake, scores, fake)
    coded = fit_calibration(scores, fake, scores, fake, rng.normal(0, 1, 500))
    assert coded.fake_above > plain.fake_above + 1
    assert (coded.clip, coded.real_below) == (plain.clip, plain.real_below)
