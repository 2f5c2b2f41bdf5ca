"""Shipped graphs back into modules: the module computes what the graph does."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from voxproof.errors import ModelError  # noqa: E402
from voxproof.models import load_card, open_session  # noqa: E402
from voxproof.networks.cantor import Cantor, CantorConfig  # noqa: E402
from voxproof.networks.pulsar import Pulsar  # noqa: E402
from voxproof.text import SYMBOLS  # noqa: E402
from voxproof.training.checkpoint import load_checkpoint  # noqa: E402
from voxproof.training.from_card import PRIOR, fit_prior, from_card, predicted_durations  # noqa: E402
from voxproof.training.graph_weights import fill_from_card  # noqa: E402
from voxproof.training.transcribed import Batch  # noqa: E402


def test_pulsar_is_as_shipped(tmp_path):
    from_card("pulsar", tmp_path / "pulsar.safetensors")
    net = Pulsar().eval()
    load_checkpoint(tmp_path / "pulsar.safetensors", net)
    rng = np.random.default_rng(0)
    mel, pulses = (rng.normal(size=(1, 20, n)).astype(np.float32) for n in (80, 401))
    shipped = open_session(load_card("pulsar")).run(None, {"mel": mel, "pulses": pulses})[0]
    with torch.no_grad():
        assert np.allclose(net(torch.from_numpy(mel), torch.from_numpy(pulses)).numpy(), shipped, atol=1e-3)


def _cantor() -> Cantor:
    net = Cantor(CantorConfig(symbols=len(SYMBOLS))).eval()
    fill_from_card(net, "cantor", "net.", PRIOR)
    return net


def test_cantor_is_as_shipped_but_for_its_prior():
    net = _cantor()
    symbols = np.arange(1, 13)[None]
    embedding = np.full((1, 256), 1 / 16, np.float32)
    feeds = {"symbols": symbols, "embedding": embedding, "register": np.array([5.0], np.float32)}
    shipped = open_session(load_card("cantor"), "encoder.onnx").run(["states"], feeds)[0]
    with torch.no_grad():
        condition = net.speaker(torch.from_numpy(embedding), torch.tensor([5.0]))
        assert np.allclose(net.encode(torch.from_numpy(symbols), condition).numpy(), shipped, atol=1e-3)


def _batch(rng: np.random.Generator) -> Batch:
    mel = torch.from_numpy(rng.normal(0.7, 0.1, (2, 60, 80)).astype(np.float32))
    return Batch(
        torch.from_numpy(np.array([[3, 9, 14, 2], [5, 6, 0, 0]])),
        torch.full((2, 256), 1 / 16),
        torch.full((2,), 5.0),
        mel,
        torch.zeros(2, 60, 2),
        [60, 50],
        [4, 2],
    )


def test_durations_are_stretched_to_the_recording():
    durations = predicted_durations(
        torch.tensor([[0.0, 1.0, 2.0, 0.5], [0.0, 0.0, 9.0, 9.0]]), _batch(np.random.default_rng(0))
    )
    assert [int(own.sum()) for own in durations] == [60, 50]
    assert [len(own) for own in durations] == [4, 2]
    assert durations[1].tolist() == [25, 25]


def test_the_prior_is_fitted_and_nothing_else():
    net, rng = _cantor(), np.random.default_rng(1)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    batches = iter(lambda: _batch(rng), None)
    first = fit_prior(net, batches, steps=1)
    assert fit_prior(net, batches, steps=30) < 0.5 * first
    moved = {name for name, value in net.state_dict().items() if not torch.equal(value, before[name])}
    assert moved
    assert all(name.startswith(PRIOR) for name in moved)


def test_another_network_is_refused(tmp_path):
    with pytest.raises(ModelError, match="as it is now"):
        fill_from_card(Pulsar(), "judge")
    with pytest.raises(ModelError, match="cantor and pulsar"):
        from_card("judge", tmp_path / "judge.safetensors")
