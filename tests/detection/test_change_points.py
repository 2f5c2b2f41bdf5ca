from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from voxproof.detection.change_points import best_cuts, gaussian, squared_error


def brute_force(values, penalty, shortest):
    """The least cost of all ways to cut."""
    places = range(1, len(values))
    costs = []
    for number in range(len(values)):
        for cuts in combinations(places, number):
            edges = [0, *cuts, len(values)]
            if all(b - a >= shortest for a, b in pairwise(edges)):
                costs.append(sum(((values[a:b] - values[a:b].mean()) ** 2).sum() for a, b in pairwise(edges)))
                costs[-1] += penalty * number
    return min(costs)


@settings(max_examples=60, deadline=None)
@given(arrays(np.float64, st.integers(1, 9), elements=st.floats(-5, 5)), st.floats(0.1, 10), st.integers(1, 3))
def test_no_way_to_cut_is_better(values, penalty, shortest):
    if len(values) < shortest:
        assert best_cuts(squared_error(values, np.ones(len(values))), len(values), penalty, shortest) == []
        return
    cuts = best_cuts(squared_error(values, np.ones(len(values))), len(values), penalty, shortest)
    edges = [0, *cuts, len(values)]
    assert all(b - a >= shortest for a, b in pairwise(edges))
    cost = sum(((values[a:b] - values[a:b].mean()) ** 2).sum() for a, b in pairwise(edges)) + penalty * len(cuts)
    assert cost == pytest.approx(brute_force(values, penalty, shortest), abs=1e-6)


def test_steps_are_found_and_slopes_of_noise_are_not():
    rng = np.random.default_rng(0)
    values = np.concatenate([np.full(30, -1.0), np.full(20, 2.0), np.full(40, -1.0)]) + rng.normal(0, 0.3, 90)
    assert best_cuts(squared_error(values, np.ones(90)), 90, 3.0) == [30, 50]
    assert best_cuts(squared_error(rng.normal(0, 0.3, 90), np.ones(90)), 90, 3.0) == []


def test_weights_count_as_that_many_values():
    values, weights = np.array([0.0, 1.0, 5.0]), np.array([2.0, 3.0, 1.0])
    repeated = np.repeat(values, weights.astype(int))
    weighed, plain = squared_error(values, weights), squared_error(repeated, np.ones(6))
    assert weighed(np.array([0]), 3)[0] == pytest.approx(plain(np.array([0]), 6)[0])


def test_a_change_of_variance_is_found_by_its_law():
    rng = np.random.default_rng(0)
    features = np.concatenate([rng.normal(0, 1, (200, 3)), rng.normal(0, 3, (200, 3))])
    assert best_cuts(gaussian(features, 4), 100, 3 * np.log(400), 5) == [50]
