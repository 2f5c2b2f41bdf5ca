import pytest

torch = pytest.importorskip("torch")

from voxproof.networks.spectral_detector import STATISTICS, SpectralDetector  # noqa: E402


@pytest.fixture
def module():
    torch.manual_seed(0)
    module = SpectralDetector(window=100, hop=50)
    torch.nn.init.normal_(module.output.weight, std=0.02)
    module.norm.running_mean.normal_()
    module.norm.running_var.uniform_(0.5, 2.0)
    return module.eval()


@pytest.mark.parametrize(("frames", "windows"), [(100, 1), (148, 1), (150, 2), (300, 5)])
def test_one_logit_a_window(module, frames, windows):
    assert module(torch.randn(2, 2, 161, frames)).shape == (2, windows)


def test_a_window_is_the_statistics_of_its_own_frames(module):
    frames = torch.randn(1, 8, 100)
    pooled = module.statistics(frames)
    part = frames[:, :, 25:75]  # the second window, behind the layer that halves the frames
    torch.testing.assert_close(pooled[0, :8, 1], part.mean(2)[0])
    torch.testing.assert_close(pooled[0, 8:, 1], part.std(2, unbiased=False)[0], atol=1e-4, rtol=1e-4)


def test_evaluation_is_batch_norm_by_its_running_figures(module):
    statistics = torch.randn(3, STATISTICS, 4)
    expected = torch.nn.functional.batch_norm(
        statistics, module.norm.running_mean, module.norm.running_var, training=False, eps=module.norm.eps
    )
    torch.testing.assert_close(module.norm(statistics), expected, atol=1e-5, rtol=1e-5)


def test_constant_input_has_a_finite_gradient():
    module = SpectralDetector().train()
    module(torch.zeros(4, 2, 161, 60)).sum().backward()
    assert all(torch.isfinite(p.grad).all() for p in module.parameters() if p.grad is not None)


def test_it_has_a_million_parameters():
    assert 900_000 < sum(p.numel() for p in SpectralDetector().parameters()) < 1_100_000


def test_it_starts_from_another_networks_convolutions():
    module = SpectralDetector()
    given = {}
    for place, convolution in enumerate(module.convolutions):
        given[f"cnn.cnn.{2 * place}.weight"] = torch.randn_like(convolution.weight)
        given[f"cnn.cnn.{2 * place}.bias"] = torch.randn_like(convolution.bias)
    module.start_from_distillmos(given)
    assert torch.equal(module.convolutions[4].weight, given["cnn.cnn.8.weight"])
    with pytest.raises(KeyError):
        module.start_from_distillmos({})
