"""Losses of vocoders, against hand calculations and against the features that ship."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from voxproof.features import log_mel  # noqa: E402
from voxproof.networks.waveform_discriminators import Judgement  # noqa: E402
from voxproof.training.gan_losses import (  # noqa: E402
    GAMES,
    discriminator_loss,
    feature_matching_loss,
    generator_loss,
)
from voxproof.training.waveform_losses import MelLoss, MultiResolutionLoss, magnitude  # noqa: E402


def judgement(scores, *features):
    return Judgement(torch.tensor([scores]), [torch.tensor([f]) for f in features])


REAL = [judgement([1.0, 0.5], [1.0, 2.0]), judgement([2.0], [0.0])]
MADE = [judgement([0.0, 0.5], [2.0, 4.0]), judgement([-2.0], [0.5])]


def test_least_squares_by_hand():
    game = GAMES["least-squares"]
    assert discriminator_loss(game, REAL, MADE).item() == pytest.approx((0.125 + 0.125) + (1 + 4))
    assert generator_loss(game, MADE).item() == pytest.approx((1 + 0.25) / 2 + 9)


def test_hinge_by_hand():
    game = GAMES["hinge"]
    assert discriminator_loss(game, REAL, MADE).item() == pytest.approx((0.25 + 1.25) + (0 + 0))
    assert generator_loss(game, MADE).item() == pytest.approx(-0.25 + 2)


def test_feature_matching_by_hand():
    assert feature_matching_loss(REAL, MADE).item() == pytest.approx(1.5 + 0.5)
    assert feature_matching_loss(REAL, REAL).item() == 0


def test_the_mel_of_the_loss_is_the_projects(speech):
    samples = speech.samples[:16_050]
    found = MelLoss().log_mel(torch.from_numpy(samples.copy())[None])[0].numpy()
    expected = log_mel(samples)
    assert found.shape == expected.shape
    # The floor under the root shows where nothing sounds alone.
    assert np.abs(found - expected).max() < 0.02


def test_a_nearer_copy_costs_less(speech):
    real = torch.from_numpy(speech.samples[16_000:32_000].copy())[None]
    for loss in (MelLoss(), MultiResolutionLoss()):
        noise = torch.randn(real.shape, generator=torch.Generator().manual_seed(0))
        costs = [loss(real + level * noise, real).item() for level in (0.0, 1e-3, 1e-2, 1e-1)]
        assert costs[0] < 1e-6
        assert costs == sorted(costs)
        # Moved by a few samples it sounds the same; phase is not heard.
        assert loss(real.roll(8, 1), real).item() < 0.5 * costs[3]


def test_silence_has_a_slope_and_no_nan():
    made = torch.zeros(1, 4000, requires_grad=True)
    loss = MultiResolutionLoss()(made, torch.zeros(1, 4000)) + MelLoss()(made, torch.zeros(1, 4000))
    loss.backward()
    assert torch.isfinite(made.grad).all()
    assert magnitude(made, 512, 50, torch.ones(240)).shape == (1, 257, 81)
