"""The mixture ratio against densities written out, and EM against a mixture made by hand."""

import numpy as np
import pytest
from scipy.stats import norm

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")

from voxproof.networks.gmm import MixtureRatio  # noqa: E402
from voxproof.training.gmm import fit_mixture  # noqa: E402

WEIGHTS = np.array([0.7, 0.3])
MEANS = np.array([[-2.0, 0.5], [3.0, -1.0]])
DEVIATIONS = np.array([[0.5, 1.0], [1.5, 0.3]])


def draw(count, rng):
    which = (rng.random(count) > WEIGHTS[0]).astype(int)
    return (MEANS[which] + DEVIATIONS[which] * rng.standard_normal((count, 2))).astype(np.float32)


def density(frames, weights, means, deviations):
    """Of each frame `(n, 2)`, from the definition."""
    return sum(
        weight * np.prod(norm.pdf(frames, mean, deviation), axis=1)
        for weight, mean, deviation in zip(weights, means, deviations, strict=True)
    )


def test_em_finds_a_mixture_made_by_hand():
    weights, means, variances = (part.numpy() for part in fit_mixture(draw(20_000, np.random.default_rng(0)), 2, 100))
    order = np.argsort(means[:, 0])
    np.testing.assert_allclose(weights[order], WEIGHTS, atol=0.02)
    np.testing.assert_allclose(means[order], MEANS, atol=0.05)
    np.testing.assert_allclose(np.sqrt(variances[order]), DEVIATIONS, atol=0.05)


def test_the_ratio_is_that_of_the_densities():
    rng = np.random.default_rng(1)
    frames = draw(40, rng)
    centre, spread = np.array([0.3, -0.2]), np.array([2.0, 0.7])
    module = MixtureRatio(2, values=2)
    module.centre.copy_(torch.from_numpy(centre))
    module.spread.copy_(torch.from_numpy(spread))
    other = (np.array([0.5, 0.5]), np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[1.0, 2.0], [0.8, 0.9]]))
    for place, (weights, means, deviations) in enumerate(((WEIGHTS, MEANS, DEVIATIONS), other)):
        scaled = (weights, (means - centre) / spread, (deviations / spread) ** 2)
        module.set_mixture(place, *(torch.from_numpy(part) for part in scaled))
    expected = np.log(density(frames, *other)).mean() - np.log(density(frames, WEIGHTS, MEANS, DEVIATIONS)).mean()
    assert float(module(torch.from_numpy(frames.T[None].copy()))[0]) == pytest.approx(expected, abs=1e-4)
