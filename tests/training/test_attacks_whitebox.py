"""White-box attacks: front ends as the runtime has them, weights as the graph has them, and a score that falls."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from voxproof.detection import detectors, load_detector  # noqa: E402
from voxproof.errors import ModelError  # noqa: E402
from voxproof.features.spectrogram import BINS, compressed_spectrogram  # noqa: E402
from voxproof.features.texture import VALUES, texture_maps  # noqa: E402
from voxproof.models import Card, cards, describe_file, load_card, save_card  # noqa: E402
from voxproof.networks.spectral_detector import SpectralDetector  # noqa: E402
from voxproof.networks.texture_detector import TextureDetector, TextureEnsemble  # noqa: E402
from voxproof.training.attacks_whitebox import gradient_attacks, projected_gradient_descent, raw_score  # noqa: E402
from voxproof.training.differentiable_features import (  # noqa: E402
    differentiable_spectrogram,
    differentiable_texture,
)
from voxproof.training.export import export_onnx  # noqa: E402
from voxproof.training.export_detector import UNFITTED  # noqa: E402


@pytest.fixture(scope="module")
def clip(voices):
    return voices["anna"].samples[8_000:56_123]


def texture_network(seed):
    """A network with random weights."""
    torch.manual_seed(seed)
    network = TextureDetector(width=16, hidden=8, window=100, hop=25)
    for norm in (network.norm, network.norm_statistics):
        norm.running_mean.normal_()
        norm.running_var.uniform_(0.5, 4.0)
    for parameter in network.norm_frames.parameters():  # what is alike in two networks is stored once
        torch.nn.init.normal_(parameter)
    return network


def shipped(network, engine, example, axes, out, window, hop):
    """The detector of a network as the exporter ships it."""
    (name,) = (name for name in axes if name != "scores")
    export_onnx(network, (example,), out / "model.onnx", [name], ["scores"], axes)
    card = Card(
        name=out.name,
        kind="detector",
        engine=engine,
        summary="random",
        licence="none",
        files=(describe_file(out / "model.onnx"),),
        config={"window": window, "hop": hop, "calibration": UNFITTED.model_dump()},
    )
    save_card(card, out)
    return detectors.get(engine)(load_card(out))


TEXTURE = ("texture", torch.zeros(1, 150, VALUES), {"maps": {1: "frames"}, "scores": {1: "windows"}})


@pytest.fixture(scope="module")
def texture_detector(tmp_path_factory):
    return shipped(texture_network(0), *TEXTURE, tmp_path_factory.mktemp("texture"), 100, 25)


@pytest.fixture(scope="module")
def ensemble_detector(tmp_path_factory):
    network = TextureEnsemble([texture_network(seed) for seed in (1, 2)], [0.7, 1.9])
    return shipped(network, *TEXTURE, tmp_path_factory.mktemp("ensemble"), 100, 25)


@pytest.fixture(scope="module")
def spectral_detector(tmp_path_factory):
    torch.manual_seed(0)
    network = SpectralDetector(window=100, hop=50)
    network.output.weight.data.normal_(std=0.1)
    network.norm.running_var.uniform_(0.01, 0.1)
    axes = {"spectrogram": {3: "frames"}, "scores": {1: "windows"}}
    return shipped(
        network, "spectral", torch.zeros(1, 2, BINS, 200), axes, tmp_path_factory.mktemp("spectral"), 100, 50
    )


def test_the_spectrogram_is_the_runtimes(clip):
    found = differentiable_spectrogram(torch.from_numpy(clip)).numpy()
    np.testing.assert_allclose(found, compressed_spectrogram(clip), atol=1e-3)


def test_the_texture_is_the_runtimes(clip):
    found = differentiable_texture(torch.from_numpy(clip)).numpy()
    np.testing.assert_allclose(found, texture_maps(clip), atol=1e-3)


def test_the_texture_of_very_short_sound(clip):
    short = clip[5_000:5_700]
    found = differentiable_texture(torch.from_numpy(short)).numpy()
    np.testing.assert_allclose(found, texture_maps(short), atol=1e-3)


@pytest.mark.parametrize("front_end", [differentiable_spectrogram, differentiable_texture])
def test_digital_silence_has_a_finite_gradient(front_end, clip):
    samples = torch.from_numpy(np.concatenate([np.zeros(4_000, np.float32), clip[:8_000]])).requires_grad_()
    (gradient,) = torch.autograd.grad(front_end(samples).square().mean(), samples)
    assert torch.isfinite(gradient).all()
    assert float(gradient.abs().max()) > 0


SHIPPED = [card.name for card in cards("detector") if card.engine in ("spectral", "texture")]


@pytest.mark.parametrize("length", [12_000, 40_000, 48_123])
@pytest.mark.parametrize("name", ["texture", "ensemble", "spectral", *SHIPPED])
def test_the_score_is_the_shipped_graphs(name, length, clip, texture_detector, ensemble_detector, spectral_detector):
    own = {"texture": texture_detector, "ensemble": ensemble_detector, "spectral": spectral_detector}
    detector = own.get(name) or load_detector(name)
    with torch.no_grad():
        found = float(raw_score(detector)(torch.from_numpy(clip[:length])))
    assert found == pytest.approx(detector.raw_scores(clip[:length])[1].mean(), abs=5e-3)


@pytest.mark.parametrize("engine", ["spectral", "texture"])
def test_descent_lowers_the_score_and_keeps_to_its_budget(engine, clip, texture_detector, spectral_detector):
    detector = spectral_detector if engine == "spectral" else texture_detector
    samples, score = clip[:20_000], raw_score(detector)
    made = projected_gradient_descent(score, samples, 40.0, steps=2)
    before, after = (detector.raw_scores(one)[1].mean() for one in (samples, made))
    noise = 10**-2 * np.linalg.norm(samples) * np.random.default_rng(0).standard_normal(len(samples)) / 20_000**0.5
    by_chance = detector.raw_scores((samples + noise).astype(np.float32))[1].mean()
    assert after < min(before, by_chance) - 0.02
    ratio = 10 * np.log10(np.square(samples).sum() / np.square(made - samples).sum())
    assert ratio > 39.5


def test_descent_is_deterministic(clip, texture_detector):
    score = raw_score(texture_detector)
    first, again = (projected_gradient_descent(score, clip[:16_000], 30.0, steps=2) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_attacks_are_for_fakes_alone(texture_detector):
    attacks = gradient_attacks(raw_score(texture_detector), steps=1)
    assert [attack.name for attack in attacks] == ["PGD 50 dB", "PGD 40 dB", "PGD 30 dB"]
    assert not any(attack.both for attack in attacks)


def test_an_engine_without_gradients_is_told():
    with pytest.raises(ModelError, match="gradients are known for"):
        raw_score(load_detector("detector-classical-lr"))
