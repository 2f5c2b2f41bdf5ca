"""The discriminator of mels: what it sees, that it learns, and that its losses move the synthesizer."""

import pytest

torch = pytest.importorskip("torch")

from voxproof.networks.mel_discriminator import MelDiscriminator, MelDiscriminatorConfig  # noqa: E402
from voxproof.training.mel_adversary import MelAdversary  # noqa: E402

SMALL = {"channels": 8, "learning_rate": 5e-3}


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def test_it_sees_the_windows_that_it_is_told():
    config = MelDiscriminatorConfig(lengths=(32,), channels=4)
    net = MelDiscriminator(config)
    mel, voice = torch.zeros(1, 100, 80), torch.zeros(1, 256)
    mel[0, 60:] = torch.randn(40, 80)
    before = net(mel, voice, torch.tensor([[0]]))[0][0]
    inside = net(mel, voice, torch.tensor([[50]]))[0][0]
    mel[0, 90:] = 0
    assert torch.equal(before, net(mel, voice, torch.tensor([[0]]))[0][0])
    assert torch.equal(inside, net(mel, voice, torch.tensor([[50]]))[0][0]), "frames 50 to 81 did not change"
    assert not torch.equal(before, inside)


def test_the_voice_counts():
    net = MelDiscriminator(MelDiscriminatorConfig(lengths=(32,), channels=4))
    mel, starts = torch.randn(1, 32, 80), torch.tensor([[0]])
    one, other = torch.zeros(1, 256), torch.zeros(1, 256)
    one[0, 0], other[0, 1] = 1.0, 1.0
    assert not torch.allclose(net(mel, one, starts)[0][0], net(mel, other, starts)[0][0])


def _textured(frames: int) -> torch.Tensor:
    return torch.randn(4, frames, 80)


def test_it_learns_to_tell_blurred_mels_and_wants_them_sharper():
    adversary = MelAdversary(SMALL)
    voice = torch.nn.functional.normalize(torch.randn(4, 256), dim=1)
    for _ in range(80):
        adversary.losses(torch.zeros(4, 140, 80), _textured(140), voice, [140] * 4)
    starts = torch.zeros(3, 4, dtype=torch.int64)
    with torch.no_grad():
        blurred, sharp = (
            torch.stack([one.mean() for one in adversary.net(mel, voice, starts)[0]]).mean()
            for mel in (torch.zeros(4, 140, 80), _textured(140))
        )
    assert sharp > blurred + 0.5
    made = torch.zeros(4, 140, 80, requires_grad=True)
    parts = adversary.losses(made, _textured(140), voice, [140] * 4)
    assert parts["adversary"] > 0
    assert parts["matching"] > 0
    sum(parts.values()).backward()
    assert made.grad.abs().sum() > 0
    assert all(p.grad is None or torch.isfinite(p.grad).all() for p in adversary.net.parameters())


def test_clips_too_short_for_the_windows_are_left_out():
    adversary = MelAdversary(SMALL)
    voice = torch.zeros(2, 256)
    mel = torch.randn(2, 140, 80, requires_grad=True)
    parts = adversary.losses(mel, torch.randn(2, 140, 80), voice, [140, 100])
    sum(parts.values()).backward()
    assert mel.grad[0].abs().sum() > 0
    assert mel.grad[1].abs().sum() == 0
    assert float(sum(adversary.losses(mel[:, :90], mel[:, :90], voice, [90, 80]).values())) == 0.0
