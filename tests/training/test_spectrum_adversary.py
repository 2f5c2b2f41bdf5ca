"""The discriminator of magnitudes: that it learns, and that its losses move the vocoder."""

import pytest

torch = pytest.importorskip("torch")

from voxproof.networks.spectrum_discriminator import SpectrumDiscriminator  # noqa: E402
from voxproof.training.spectrum_adversary import SpectrumAdversary  # noqa: E402


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def _textured():
    return torch.randn(4, 16, 401)


def test_a_patch_sees_its_neighbourhood_alone():
    net = SpectrumDiscriminator()
    spectrum = _textured()
    judged, maps = net(spectrum)
    assert len(maps) == len(net.layers)
    spectrum[:, 12:] = 0
    again, _ = net(spectrum)
    frames = maps[-1].shape[2]
    before, after = (x.reshape(4, frames, -1)[:, 0] for x in (judged, again))
    assert torch.equal(before, after), "the first patch ends before frame 12"
    assert not torch.equal(judged, again)


def test_it_learns_to_tell_smooth_spectra_and_wants_them_textured():
    adversary = SpectrumAdversary({"learning_rate": 3e-3})
    smooth = torch.zeros(4, 16, 401)
    for _ in range(60):
        adversary.losses(smooth, _textured())
    with torch.no_grad():
        assert adversary.net(_textured())[0].mean() > adversary.net(smooth)[0].mean() + 0.5
    made = smooth.clone().requires_grad_()
    parts = adversary.losses(made, _textured())
    sum(parts.values()).backward()
    assert parts["adversary"] > 0
    assert parts["matching"] > 0
    assert made.grad.abs().sum() > 0


def test_the_weights_are_those_of_the_recipe():
    made, real = torch.zeros(2, 16, 401), _textured()[:2]
    found = []
    for weights in ({"weight": 0.1, "matching": 0.5}, {"weight": 0.2, "matching": 1.5}):
        torch.manual_seed(1)
        found.append(SpectrumAdversary(weights).losses(made, real))
    assert found[1]["adversary"] == pytest.approx(2 * float(found[0]["adversary"]), rel=1e-5)
    assert found[1]["matching"] == pytest.approx(3 * float(found[0]["matching"]), rel=1e-5)
