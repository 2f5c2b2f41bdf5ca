import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from voxproof.evaluation.bootstrap import Interval, bootstrap, cluster_weights, mean_interval, ratio_interval


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=30))
def test_items_of_a_cluster_are_drawn_together(clusters: list[str]) -> None:
    weights = cluster_weights(clusters, resamples=50)
    assert weights.shape == (50, len(clusters))
    for name in set(clusters):
        members = weights[:, [place for place, one in enumerate(clusters) if one == name]]
        assert (members == members[:, :1]).all()
    firsts = [clusters.index(name) for name in dict.fromkeys(clusters)]
    assert (weights[:, firsts].sum(axis=1) == len(firsts)).all()


def test_the_draw_hangs_on_the_seed_alone() -> None:
    assert (cluster_weights("aabbc", 20, seed=3) == cluster_weights("xxyyz", 20, seed=3)).all()
    assert (cluster_weights("aabbc", 20, seed=3) != cluster_weights("aabbc", 20, seed=4)).any()


def test_two_clusters_have_the_interval_that_can_be_counted() -> None:
    # Both means 0 or both 1 come up with probability 1/4 each, so the 95 % interval reaches from 0 to 1.
    found = mean_interval([0, 0, 1, 1], "aabb")
    assert (found.value, found.low, found.high, found.clusters) == (0.5, 0.0, 1.0, 2)


def test_a_rate_is_all_edits_over_all_words() -> None:
    found = ratio_interval([1, 3], [10, 2], "ab")
    assert found.value == pytest.approx(4 / 12)
    assert (found.low, found.high) == (pytest.approx(0.1), pytest.approx(1.5))


def test_the_interval_of_many_clusters_is_that_of_the_normal_distribution() -> None:
    values = np.random.default_rng(1).normal(5, 2, 400)
    found = mean_interval(values, range(400))
    assert found.value == pytest.approx(values.mean())
    half = 1.96 * values.std() / 20
    assert found.high - found.value == pytest.approx(half, rel=0.1)
    assert found.value - found.low == pytest.approx(half, rel=0.1)


def test_repeating_clips_of_a_cluster_does_not_narrow_the_interval() -> None:
    values = np.random.default_rng(2).normal(size=20)
    once = mean_interval(values, range(20))
    repeated = mean_interval(np.repeat(values, 10), np.repeat(np.arange(20), 10).tolist())
    assert (repeated.low, repeated.high) == (pytest.approx(once.low), pytest.approx(once.high))


@settings(deadline=None, max_examples=25)
@given(arrays.arrays(np.float64, 12, elements=st.floats(-1e3, 1e3)))
def test_the_bounds_hold_the_figure_of_clusters_of_one_item(values: np.ndarray) -> None:
    found = mean_interval(values, range(12))
    assert values.min() - 1e-9 <= found.low <= found.high <= values.max() + 1e-9


def test_one_cluster_has_a_figure_but_no_bounds() -> None:
    found = mean_interval([1.0, 3.0], "aa")
    assert found.value == 2.0
    assert np.isnan(found.low)
    assert found.as_dict() == {"value": 2.0, "low": None, "high": None, "clusters": 1}


def test_nothing_to_measure_is_not_available() -> None:
    assert f"{bootstrap(lambda weights: weights.sum(axis=1), [])}" == "n/a"


def test_resamples_without_an_answer_are_left_out() -> None:
    def never_above(weights: np.ndarray) -> np.ndarray:
        return np.where(weights[:, 0] > 0, weights[:, 0], np.nan)

    found = bootstrap(never_above, "ab")
    assert np.isfinite([found.low, found.high]).all()


def test_an_interval_prints_as_figure_and_bounds() -> None:
    assert f"{Interval(0.25, 0.1, 0.4, 17):.2f}" == "0.25 [0.10, 0.40]"


def test_strata_are_drawn_apart():
    """Each stratum keeps its number of clusters in every resample; a stratum of one cluster never changes."""
    clusters, strata = "aabbccx", "0000001"
    weights = cluster_weights(clusters, 200, seed=2, strata=strata)
    assert (weights[:, 6] == 1).all()
    assert (weights[:, [0, 2, 4]].sum(axis=1) == 3).all()
    assert (weights[:, 0] == weights[:, 1]).all()
    assert len({tuple(row) for row in weights}) > 5
    # The same name in two strata is two clusters.
    apart = cluster_weights("aa", 50, strata="01")
    assert (apart == 1).all()
