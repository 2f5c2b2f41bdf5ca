"""LCNN, RawNet2, AASIST: sizes as published, gradients everywhere, and graphs that say what the modules say."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

from voxproof.detection.front_ends import front_end  # noqa: E402
from voxproof.networks.aasist import AASIST, AASIST_L, Aasist  # noqa: E402
from voxproof.networks.graph_attention import GraphPool, HeterogeneousGraphAttention  # noqa: E402
from voxproof.networks.lcnn import Lcnn, MaxFeatureMap  # noqa: E402
from voxproof.networks.rawnet2 import BASELINE, PAPER, RawNet2, RawNet2Size  # noqa: E402
from voxproof.networks.sinc import band_edges, sinc_filters  # noqa: E402
from voxproof.training.detector_networks import find_network  # noqa: E402
from voxproof.training.export import export_onnx  # noqa: E402

SMALL_RAWNET2 = RawNet2Size(20, 129, 20, 32, hidden=32)


def size(module):
    return sum(parameter.numel() for parameter in module.parameters())


def test_sizes_are_those_of_the_papers():
    assert size(Aasist(AASIST)) == 297_866
    assert size(Aasist(AASIST_L)) == 85_306
    assert size(RawNet2(PAPER)) == 25_433_602  # 25.43 M in table 3 of arXiv:2110.01200
    assert size(RawNet2(BASELINE)) == 17_621_410


@pytest.mark.parametrize("make", [Lcnn, lambda: RawNet2(SMALL_RAWNET2), lambda: Aasist(AASIST_L)])
def test_every_parameter_that_is_used_learns(make):
    torch.manual_seed(0)
    module = make().train()
    features = torch.randn(2, 60, 100) if isinstance(module, Lcnn) else torch.randn(2, 16_000)
    logits = module(features)
    assert logits.shape == (2,)
    logits.square().sum().backward()
    without = {name for name, p in module.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0}
    assert {name for name in without if ".bn1." not in name} == set()  # published, and unused


@pytest.mark.parametrize("name", ["lcnn", "rawnet2", "aasist-l"])
def test_the_graph_scores_speech_as_the_module(name, voices, tmp_path):
    torch.manual_seed(0)
    kind = find_network({"network": name})
    network = kind.build({}) if name != "rawnet2" else RawNet2(SMALL_RAWNET2)
    windows = [voice.samples[16_000:32_000] for voice in voices.values()][:3]
    features = np.stack([front_end(kind.front_end)(window) for window in windows])
    with torch.no_grad():
        if name == "rawnet2":
            network.output.weight.mul_(100)  # untrained GRUs hardly let anything through
        network.train()(torch.from_numpy(features))  # running means and deviations that are not 0 and 1
        expected = network.eval()(torch.from_numpy(features)).numpy()
    axes = {"features": {0: "batch"}, "scores": {0: "batch"}}
    example = (torch.from_numpy(features[:2]),)
    graph = export_onnx(network, example, tmp_path / "model.onnx", ["features"], ["scores"], axes, half=False)
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    for count in (1, 3):
        scores = session.run(["scores"], {"features": features[:count]})[0]
        np.testing.assert_allclose(scores, expected[:count], atol=1e-4)
    assert np.ptp(expected) > 1e-4


def test_state_is_named_as_in_the_published_checkpoints():
    names = set(Aasist(AASIST).state_dict())
    for name in ("pos_S", "master1", "first_bn.running_mean", "encoder.0.0.conv_downsample.weight",
                 "encoder.5.0.bn1.weight", "GAT_layer_S.att_weight", "HtrgGAT_layer_ST22.att_projM.bias",
                 "pool_hT2.proj.weight", "out_layer.bias"):  # fmt: skip
        assert name in names
    assert not any("filters" in name for name in names)


def test_max_feature_map_takes_the_larger_half():
    x = torch.tensor([1.0, 5.0, 3.0, 2.0]).reshape(1, 4, 1)
    assert MaxFeatureMap(2)(x).flatten().tolist() == [3.0, 5.0]


def test_sinc_filters_pass_their_band_alone():
    edges = band_edges(20)
    assert edges[0] == pytest.approx(0)
    assert edges[-1] == pytest.approx(8000)
    response = np.abs(np.fft.rfft(sinc_filters(20, 1025)[:, 0].numpy(), 16_000))
    for band in (3, 10, 18):
        middle = round((edges[band] + edges[band + 1]) / 2)
        assert response[band, middle] == pytest.approx(1.0, abs=0.05)
        assert response[band, max(0, round(edges[band] - 100))] < 0.05
        assert response[band, min(8000, round(edges[band + 1] + 100))] < 0.05


def test_pooling_keeps_the_best_nodes_scaled_by_their_score():
    pool = GraphPool(1, 0.5).eval()
    with torch.no_grad():
        pool.proj.weight.fill_(1.0)
        pool.proj.bias.fill_(0.0)
        kept = pool(torch.tensor([[[0.0], [2.0], [-1.0], [1.0], [0.5]]]))
    np.testing.assert_allclose(kept.flatten(), [2 / (1 + np.exp(-2)), 1 / (1 + np.exp(-1))], rtol=1e-6)


def test_joint_attention_by_hand():
    """One node of each kind, all projections the identity, edges all alike: everybody gets the mean."""
    layer = HeterogeneousGraphAttention(1, 1, temperature=1.0).eval()
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            parameter.fill_(0.0 if "bias" in name or "att_weight" in name else 1.0)
        first, second, master = layer(torch.tensor([[[1.0]]]), torch.tensor([[[3.0]]]), torch.tensor([[[5.0]]]))
    scale = 1.0507009873554805  # of SELU; the norm divides by sqrt(1 + 1e-5)
    assert float(first) == pytest.approx(scale * (2 + 1), rel=1e-4)
    assert float(second) == pytest.approx(scale * (2 + 3), rel=1e-4)
    assert float(master) == pytest.approx(2 + 5)
