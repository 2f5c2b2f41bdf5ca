"""WaveNet and WaveGlow: what their likelihoods are, what they hear, and that both ways of each are one function."""

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from voxproof.features import log_mel  # noqa: E402
from voxproof.features.sample_levels import even_encode, mu_law_encode  # noqa: E402
from voxproof.networks.frame_upsampling import FrameUpsampling  # noqa: E402
from voxproof.networks.mixture_of_logistics import log_probability  # noqa: E402
from voxproof.networks.waveglow import WaveGlow, WaveGlowConfig, WaveGlowInverse  # noqa: E402
from voxproof.networks.wavenet import WaveNet, WaveNetConfig  # noqa: E402

SMALL_WAVENET = {"layers": 6, "cycles": 2, "residual": 12, "gates": 10, "skip": 14, "condition": 8}
SMALL_WAVEGLOW = {"flows": 5, "early_every": 2, "layers": 2, "channels": 8, "condition": 6}


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)
    torch.set_num_threads(1)


def parameters(module):
    return sum(weights.numel() for weights in module.parameters())


def heard(speech, frames=13):
    """Mel `(1, frames, n_mels)` and samples `(1, (frames - 1) * hop)` of a second into real speech."""
    samples = speech.samples[16_000 : 16_000 + (frames - 1) * 200]
    return torch.from_numpy(log_mel(samples).T[None].copy()), torch.from_numpy(samples[None].copy())


def moved(net):
    """Every weight moved: last layers begin at zero, and a test of a function that is constant tells nothing."""
    with torch.no_grad():
        for weight in net.parameters():
            weight.add_(0.1 * torch.randn_like(weight))
    return net


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


@pytest.mark.parametrize("count", [256, 65_536])
def test_mixture_of_logistics_by_hand(count):
    weights, means, scales = (0.3, 0.7), (-0.4, 0.2), (0.25, 0.5)
    logits = [math.log(weight) + 1.5 for weight in weights]  # a softmax does not see what is added to all
    row = torch.tensor([*logits, *means, *map(math.log, scales)], dtype=torch.float64)
    levels = [0, 1, count // 3, count // 2, count - 2, count - 1]
    found = log_probability(row[None, :, None].expand(1, 6, len(levels)), torch.tensor([levels]), count)[0]
    for level, got in zip(levels, found.tolist(), strict=True):
        low, high = (2 * level - 1) / (count - 1) - 1, (2 * level + 1) / (count - 1) - 1
        total = 0.0
        for weight, mean, scale in zip(weights, means, scales, strict=True):
            upper = 1.0 if level == count - 1 else sigmoid((high - mean) / scale)
            lower = 0.0 if level == 0 else sigmoid((low - mean) / scale)
            total += weight * (upper - lower)
        assert got == pytest.approx(math.log(total), abs=1e-6)


@pytest.mark.parametrize("log_scale", [-12.0, -5.0, 2.0])
def test_probabilities_sum_to_one_and_none_is_lost(log_scale):
    row = torch.tensor([0.0, 0.0, -1.2, 0.7, log_scale, log_scale]).view(1, 6, 1)
    every = torch.arange(256)[None]
    found = log_probability(row.expand(1, 6, 256), every, 256)
    assert torch.isfinite(found).all()
    assert float(found.exp().sum()) == pytest.approx(1.0, abs=1e-4)


def test_upsampling_keeps_time():
    upsampling = FrameUpsampling(1, 1, 5, overlap=4)
    torch.nn.init.ones_(upsampling.spread.weight)
    torch.nn.init.zeros_(upsampling.spread.bias)
    one = torch.zeros(1, 1, 9)
    one[0, 0, 4] = 1.0
    places = torch.nonzero(upsampling(one)[0, 0]).flatten().tolist()
    assert upsampling(one).shape == (1, 1, 45)
    assert places == list(range(20 - 10, 20 + 10))


def test_wavenet_has_the_size_of_the_one_it_is_compared_with():
    config = WaveNetConfig()
    assert (config.hop, config.outputs, config.dilations[5:8]) == (200, 30, (32, 1, 2))
    assert parameters(WaveNet(config)) == pytest.approx(24.73e6, rel=0.01)  # as arXiv 2010.05646 counts it


def test_waveglow_has_the_size_of_the_published_one():
    # 87.88 M with a hop of 256; the upsampling of ours has 4 * 80 * 640 * 7 weights less.
    assert parameters(WaveGlow()) + 4 * 80 * 640 * 7 == pytest.approx(87.88e6, rel=0.003)


@pytest.mark.parametrize("kernel", [2, 3])
def test_wavenet_hears_the_past_alone(speech, kernel):
    net = WaveNet(WaveNetConfig(**SMALL_WAVENET, kernel=kernel)).double()
    mel, samples = heard(speech)
    mel, levels = mel.double(), torch.from_numpy(even_encode(samples.numpy()))
    before = net(mel, levels)
    changed = levels.clone()
    changed[0, 1000] += 20_000
    reach = torch.nonzero((net(mel, changed) - before).abs().sum(1)[0]).flatten()
    # Dilations 1, 2, 4 twice: 14 samples for a kernel of 2, twice as many for one of 3, and the sample itself.
    assert reach.min() == 1001
    assert reach.max() == 1001 + 14 * (kernel - 1)


def test_wavenet_without_training_knows_what_its_output_says(speech):
    mel, samples = heard(speech)
    net = WaveNet(WaveNetConfig(**SMALL_WAVENET, output="categorical", levels=256))
    torch.nn.init.zeros_(net.leave.weight)
    torch.nn.init.zeros_(net.leave.bias)
    nats = net.nats(mel, torch.from_numpy(mu_law_encode(samples.numpy())))
    torch.testing.assert_close(nats, torch.full((1, 2400), math.log(256)))


def test_repeated_places_share_their_condition(speech):
    net = WaveNet(WaveNetConfig(**SMALL_WAVENET, upsample=(5,), repeat=40))
    mel, samples = heard(speech)
    places = net.places(mel)
    assert places.shape == (1, 8, 13 * 5)
    assert net(mel, torch.from_numpy(even_encode(samples.numpy()))).shape == (1, 30, 2400)


def test_waveglow_goes_back(speech):
    net = moved(WaveGlow(WaveGlowConfig(**SMALL_WAVEGLOW))).eval()
    mel, samples = heard(speech)
    with torch.no_grad():
        noise, _ = net(mel, samples)
        assert noise.shape == (1, 8, 300)
        assert (noise - samples.unflatten(1, (-1, 8)).transpose(1, 2)).abs().mean() > 0.01  # something was done
        assert (net.inverse(mel, noise) - samples).abs().max() < 1e-4
        assert torch.equal(WaveGlowInverse(net)(mel, noise), net.inverse(mel, noise))


def test_waveglow_speaks_to_the_mel():
    net = moved(WaveGlow(WaveGlowConfig(**SMALL_WAVEGLOW))).eval()
    noise = torch.randn(1, 8, 100)
    with torch.no_grad():
        one, other = (net.inverse(torch.full((1, 5, 80), level), noise) for level in (-2.0, -9.0))
    assert (one - other).abs().mean() > 1e-2


def test_log_determinant_is_the_jacobian_s():
    net = moved(WaveGlow(WaveGlowConfig(**SMALL_WAVEGLOW, hop=16))).double()
    mel, samples = torch.randn(1, 4, 80).double() - 5, 0.1 * torch.randn(1, 48).double()
    with torch.no_grad():
        _, determinant = net(mel, samples)
    jacobian = torch.autograd.functional.jacobian(lambda x: net(mel, x)[0].flatten(), samples)[:, 0]
    assert jacobian.shape == (48, 48)
    assert determinant.item() == pytest.approx(float(torch.linalg.slogdet(jacobian)[1]), abs=1e-6)
    assert abs(determinant.item()) > 0.1


def test_waveglow_s_nats_are_those_of_the_noise():
    """Untrained, the flow is a rotation: the density is that of a Gaussian as wide as speech, at the samples."""
    net = WaveGlow(WaveGlowConfig(**SMALL_WAVEGLOW))
    levels = torch.from_numpy(even_encode(np.linspace(-0.5, 0.5, 400, dtype=np.float32)))[None]
    nats = net.nats(torch.zeros(1, 3, 80), levels)
    power = float((torch.linspace(-0.5, 0.5, 400) ** 2).mean())
    by_hand = math.log(32_768 * 0.06) + 0.5 * math.log(2 * math.pi) + 0.5 * power / 0.06**2
    assert nats.item() == pytest.approx(by_hand, rel=1e-3)
