"""White-box attacks: front ends as the runtime has them, weights as the graph has them, and a score that falls."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from voxproof.detection import load_detector  # noqa: E402
from voxproof.detection.texture import TextureDetector as TextureRuntime  # noqa: E402
from voxproof.errors import ModelError  # noqa: E402
from voxproof.features.spectrogram import compressed_spectrogram  # noqa: E402
from voxproof.features.texture import VALUES, texture_maps  # noqa: E402
from voxproof.models import Card, cards, describe_file, load_card, save_card  # noqa: E402
from voxproof.networks.texture_detector import TextureDetector  # noqa: E402
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


@pytest.fixture(scope="module")
def texture_detector(tmp_path_factory):
    """A network with random weights as the exporter ships it."""
    torch.manual_seed(0)
    out = tmp_path_factory.mktemp("cards") / "texture-random"
    network = TextureDetector(width=16, hidden=8, window=100, hop=25)
    for norm in (network.norm, network.norm_statistics):
        norm.running_mean.normal_()
        norm.running_var.uniform_(0.5, 4.0)
    axes = {"maps": {1: "frames"}, "scores": {1: "windows"}}
    export_onnx(network, (torch.randn(1, 150, VALUES),), out / "model.onnx", ["maps"], ["scores"], axes)
    card = Card(
        name="texture-random",
        kind="detector",
        engine="texture",
        summary="random",
        licence="none",
        files=(describe_file(out / "model.onnx"),),
        config={"window": 100, "hop": 25, "calibration": UNFITTED.model_dump()},
    )
    save_card(card, out)
    return TextureRuntime(load_card(out))


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
SPECTRAL = next(card.name for card in cards("detector") if card.engine == "spectral")


@pytest.mark.parametrize("length", [12_000, 40_000, 48_123])
@pytest.mark.parametrize("name", ["random", *SHIPPED])
def test_the_score_is_the_shipped_graphs(name, length, clip, texture_detector):
    detector = texture_detector if name == "random" else load_detector(name)
    with torch.no_grad():
        found = float(raw_score(detector)(torch.from_numpy(clip[:length])))
    assert found == pytest.approx(detector.raw_scores(clip[:length])[1].mean(), abs=5e-3)


@pytest.mark.parametrize("engine", ["spectral", "texture"])
def test_descent_lowers_the_score_and_keeps_to_its_budget(engine, clip, texture_detector):
    detector = load_detector(SPECTRAL) if engine == "spectral" else texture_detector
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
