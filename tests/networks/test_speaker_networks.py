"""The networks that make speaker embeddings, and the losses that train them."""

import math
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from voxproof.models import read_torch_tensors  # noqa: E402
from voxproof.networks.ecapa import Ecapa, EcapaConfig, Res2, UnitNorm  # noqa: E402
from voxproof.networks.ge2e import Ge2e, Ge2eConfig  # noqa: E402
from voxproof.networks.margin_softmax import MarginSoftmax  # noqa: E402
from voxproof.networks.pooling import AttentiveStatistics  # noqa: E402
from voxproof.networks.student_encoder import StudentEncoder, StudentEncoderConfig  # noqa: E402

SMALL_ECAPA = EcapaConfig(channels=32, aggregated=48, squeeze=16, attention=16, dim=24)
SMALL_STUDENT = StudentEncoderConfig(channels=32, hidden=64, depth=2, attention=16, dim=24)


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)


def encoders() -> list[torch.nn.Module]:
    return [UnitNorm(Ecapa(SMALL_ECAPA)).eval(), StudentEncoder(SMALL_STUDENT).eval()]


@pytest.mark.parametrize("index", [0, 1], ids=["ecapa", "student"])
@pytest.mark.parametrize("frames", [1, 7, 160, 401])
def test_any_length_gives_unit_embeddings(index: int, frames: int) -> None:
    embeddings = encoders()[index](torch.randn(3, 80, frames))
    assert embeddings.shape == (3, 24)
    torch.testing.assert_close(embeddings.norm(dim=1), torch.ones(3))


@pytest.mark.parametrize("index", [0, 1], ids=["ecapa", "student"])
def test_a_clip_does_not_depend_on_its_batch(index: int) -> None:
    encoder = encoders()[index]
    clips = torch.randn(4, 80, 90)
    torch.testing.assert_close(encoder(clips)[2:3], encoder(clips[2:3]), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("index", [0, 1], ids=["ecapa", "student"])
def test_all_parameters_learn_even_from_silence(index: int) -> None:
    encoder = encoders()[index].train()
    clips = torch.randn(6, 80, 60)
    clips[0] = -11.5  # constant frames: a deviation of zero, whose root has no slope
    encoder(clips)[:, 0].sum().backward()
    for name, parameter in encoder.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name


def test_sizes_are_as_documented() -> None:
    count = {type(n).__name__: sum(p.numel() for p in n.parameters()) for n in (Ecapa(), StudentEncoder(), Ge2e())}
    assert count["Ecapa"] == pytest.approx(2.0e6, rel=0.05)
    assert count["StudentEncoder"] == pytest.approx(2.8e6, rel=0.05)
    assert count["Ge2e"] == pytest.approx(1.4e6, rel=0.05)


def test_ecapa_is_blind_to_level_and_channel() -> None:
    encoder = UnitNorm(Ecapa(SMALL_ECAPA)).eval()
    clip = torch.randn(1, 80, 100)
    channel = torch.randn(1, 80, 1)
    torch.testing.assert_close(encoder(clip + channel), encoder(clip), atol=1e-4, rtol=1e-3)


def test_res2_hierarchy_by_hand() -> None:
    block = Res2(channels=8, scale=4, dilation=1).eval()
    x = torch.randn(1, 8, 20)
    first, second, third, fourth = x.chunk(4, dim=1)
    convolve = block.convolutions
    y2 = convolve[0](second)
    y3 = convolve[1](third + y2)
    y4 = convolve[2](fourth + y3)
    torch.testing.assert_close(block(x), torch.cat([first, y2, y3, y4], dim=1))
    with pytest.raises(ValueError, match="do not split"):
        Res2(channels=10, scale=4, dilation=1)


def test_pooling_is_the_papers() -> None:
    """Against the paper's own order: concatenate mean and deviation to every frame, then one layer."""
    pool = AttentiveStatistics(6, 5).eval()
    x = torch.randn(2, 6, 30)
    mean = x.mean(dim=2, keepdim=True).expand_as(x)
    deviation = x.var(dim=2, unbiased=False, keepdim=True).sqrt().expand_as(x)
    weight = torch.cat([pool.frame.weight[:, :, 0], pool.context.weight], dim=1)[:, :, None]
    hidden = torch.nn.functional.conv1d(torch.cat([x, mean, deviation], dim=1), weight, pool.frame.bias)
    attention = torch.softmax(pool.attention(torch.tanh(pool.norm(torch.relu(hidden)))), dim=2)
    expected_mean = (attention * x).sum(dim=2)
    expected_deviation = ((attention * x.square()).sum(dim=2) - expected_mean.square()).sqrt()
    torch.testing.assert_close(pool(x), torch.cat([expected_mean, expected_deviation], dim=1), atol=1e-5, rtol=1e-4)


def test_margins_by_hand() -> None:
    """Embedding at 60 degrees to its own centre and 90 to the other."""
    embedding = torch.tensor([[math.cos(math.pi / 3), math.sin(math.pi / 3), 0.0]])
    centres = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    for kind, own in (("additive", 0.5 - 0.2), ("angular", math.cos(math.pi / 3 + 0.2))):
        loss = MarginSoftmax(3, 2, margin=0.2, scale=30.0, kind=kind)
        loss.centres.data = centres
        expected = -math.log(math.exp(30 * own) / (math.exp(30 * own) + 1.0))
        assert loss(embedding, torch.tensor([0])).item() == pytest.approx(expected, rel=1e-3)


def test_the_angular_margin_never_makes_a_far_embedding_easier() -> None:
    loss = MarginSoftmax(2, 2, margin=0.5, scale=1.0)
    loss.centres.data = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    angles = torch.linspace(0.01, math.pi - 0.01, 200)
    losses = [loss(torch.tensor([[math.cos(a), -math.sin(a)]]), torch.tensor([0])).item() for a in angles]
    # The other centre is at a + 90 degrees, so compare with the loss that has no margin.
    loss.margin = 0.0
    plain = [loss(torch.tensor([[math.cos(a), -math.sin(a)]]), torch.tensor([0])).item() for a in angles]
    assert all(harder > easier for harder, easier in zip(losses, plain, strict=True))


def test_ge2e_loss_is_low_for_tight_speakers_and_leaves_the_own_utterance_out() -> None:
    network = Ge2e(Ge2eConfig(n_mels=4, hidden=8, layers=1, dim=3))
    tight = torch.eye(3)[:, None].expand(3, 4, 3)
    mixed = torch.nn.functional.normalize(torch.randn(3, 4, 3), dim=2)
    assert network.loss(tight).item() == pytest.approx(math.log(1 + 2 * math.exp(-10)), rel=1e-2)
    assert network.loss(mixed) > network.loss(tight)
    # Two utterances: each one's own centroid is the other utterance, so the own cosine is that between the two.
    pair = torch.nn.functional.normalize(torch.randn(2, 2, 3), dim=2)
    centroids = torch.nn.functional.normalize(pair.sum(dim=1), dim=1)
    total = 0.0
    for speaker in range(2):
        own = float(pair[speaker, 0] @ pair[speaker, 1])
        for utterance in range(2):
            other = float(pair[speaker, utterance] @ centroids[1 - speaker])
            total -= math.log(1 / (1 + math.exp(10 * (other - own)))) / 4
    assert network.loss(pair).item() == pytest.approx(total, rel=1e-3)


def at(*degrees: float) -> list[list[float]]:
    """Utterances in a plane."""
    return [[math.cos(math.radians(d)), math.sin(math.radians(d)), 0.0] for d in degrees]


def test_ge2e_losses_by_hand() -> None:
    """The centroids lie at 30 and 120 degrees and upright; w = 10 and b = -5 make 5 of a cosine of 1, 0 of a half."""
    network = Ge2e(Ge2eConfig(n_mels=4, hidden=8, layers=1, dim=3))
    planar = torch.tensor([at(0, 60), at(90, 150)])
    # Own cosines are 0.5; the other centroid is at 120, 60, 60 and 120 degrees.
    half, tiny, far = 0.5, 1 / (1 + math.exp(5)), 1 / (1 + math.exp(10))
    assert network.contrast_loss(planar).item() == pytest.approx(half + (2 * half + 2 * far) / 4, rel=1e-5)
    assert network.loss(planar).item() == pytest.approx((math.log(2) + math.log(1 + math.exp(-10))) / 2, rel=1e-4)
    # The third speaker's centroid is upright to both: only where it is the nearest other does the contrast hear of it.
    three = torch.cat([planar, torch.tensor([[[0.0, 0.0, 1.0]] * 2])])
    by_hand = (2 * (half + tiny) + 2 * (half + half) + 2 * (tiny + tiny)) / 6
    assert network.contrast_loss(three).item() == pytest.approx(by_hand, rel=1e-5)
    softmax = [math.log(1 + math.exp(-10) + math.exp(-5)), math.log(2 + math.exp(-5)), math.log(1 + 2 * math.exp(-10))]
    assert network.loss(three).item() == pytest.approx(sum(softmax) / 3, rel=1e-4)


def test_ge2e_weight_stays_above_zero() -> None:
    network = Ge2e(Ge2eConfig(n_mels=4, hidden=8, layers=1, dim=3))
    network.similarity_weight.data.fill_(-3.0)
    likeness = network.similarities(torch.eye(3)[:, None].expand(3, 2, 3))
    torch.testing.assert_close(likeness, torch.full((3, 2, 3), -5.0), atol=1e-4, rtol=0)


@pytest.mark.parametrize("loss_name", ["loss", "contrast_loss"])
def test_ge2e_learns_its_losses(loss_name: str) -> None:
    network = Ge2e(Ge2eConfig(n_mels=4, hidden=16, layers=1, dim=8))
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-2)
    voices = 4 * torch.eye(4)[:, None, None]
    losses = []
    for _ in range(60):
        mels = voices + 0.1 * torch.rand(4, 5, 10, 4)
        loss = getattr(network, loss_name)(network(mels.flatten(0, 1)).unflatten(0, (4, 5)))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])


def test_ge2e_takes_the_weights_of_a_checkpoint(tmp_path: Path) -> None:
    config = Ge2eConfig(n_mels=4, hidden=8, layers=2, dim=3)
    trained, fresh = Ge2e(config), Ge2e(config)
    torch.save({"step": 3, "model_state": trained.state_dict()}, tmp_path / "x.pt")
    fresh.load_tensors(read_torch_tensors(tmp_path / "x.pt"))
    mels = torch.rand(2, 9, 4)
    torch.testing.assert_close(fresh(mels), trained(mels))


def test_the_weightless_graph_computes_the_network() -> None:
    pytest.importorskip("onnx")
    import onnxruntime

    from voxproof.networks.ge2e_graph import ge2e_graph
    from voxproof.speakers.ge2e import _onnx_gates

    network = Ge2e(Ge2eConfig(n_mels=4, hidden=8, layers=2, dim=3))
    state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    weights = {"linear_weight": state["linear.weight"], "linear_bias": state["linear.bias"]}
    for layer in range(2):
        weights[f"W{layer}"] = _onnx_gates(state[f"lstm.weight_ih_l{layer}"])[None]
        weights[f"R{layer}"] = _onnx_gates(state[f"lstm.weight_hh_l{layer}"])[None]
        both = [_onnx_gates(state[f"lstm.bias_{kind}_l{layer}"]) for kind in ("ih", "hh")]
        weights[f"B{layer}"] = np.concatenate(both)[None]
    options = onnxruntime.SessionOptions()
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array)) for array in weights.values()]
    options.add_external_initializers(list(weights), values)
    graph = ge2e_graph(n_mels=4, hidden=8, layers=2, dim=3).SerializeToString()
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    mels = torch.rand(5, 9, 4)
    found = session.run(None, {"mels": mels.numpy()})[0]
    np.testing.assert_allclose(found, network(mels).detach().numpy(), atol=1e-6)
