"""The loss of sounding like somebody else is small for the voice itself and large for another."""

import numpy as np
import pytest
import torch

from voxproof.errors import ModelError
from voxproof.features import log_mel
from voxproof.features.level import normalise_level
from voxproof.networks.cantor import MEL_MEAN, MEL_SCALE
from voxproof.speakers import load_encoder
from voxproof.training.speaker_loss import SpeakerLoss


def normalised(audio):
    mel = torch.from_numpy(log_mel(normalise_level(audio.samples)).T.copy())
    return (mel[None, :640] - MEL_MEAN) / MEL_SCALE


@pytest.fixture(scope="module")
def loss():
    return SpeakerLoss({"weight": 1.0, "frames": 600})


def test_the_encoder_is_the_one_that_ships(loss, voices):
    for audio in voices.values():
        heard = loss.net(torch.from_numpy(log_mel(normalise_level(audio.samples))[None]))[0].numpy()
        np.testing.assert_allclose(heard @ load_encoder("voice-encoder").embed(audio), 1, atol=0.02)


def test_the_voice_itself_costs_nothing_and_another_much(loss, voices):
    anna, ben = (normalised(voices[name]) for name in ("anna", "ben"))
    torch.manual_seed(0)
    assert float(loss(anna, anna, [640])) < 1e-5
    assert float(loss(ben, anna, [640])) > 0.2


def test_the_gradient_goes_to_what_was_made_alone(loss, voices):
    made = normalised(voices["ben"]).requires_grad_(True)
    real = normalised(voices["anna"]).requires_grad_(True)
    for _ in range(2):
        loss(made, real.detach(), [640]).backward()
    assert float(made.grad.abs().sum()) > 0
    assert all(p.grad is None for p in loss.net.parameters())
    # A step against the gradient brings the voice nearer.
    torch.manual_seed(1)
    before = loss(made, real, [640])
    torch.manual_seed(1)
    after = loss(made - 0.5 * made.grad / made.grad.norm(), real, [640])
    assert float(after.detach()) < float(before.detach())


def test_short_clips_are_left_out(loss):
    made = torch.zeros(1, 640, 80, requires_grad=True)
    cost = loss(made, made, [599])
    cost.backward()
    assert float(cost.detach()) == 0.0


def test_another_encoder_is_refused():
    with pytest.raises(ModelError, match="not of StudentEncoder"):
        SpeakerLoss({"encoder": "judge"})
