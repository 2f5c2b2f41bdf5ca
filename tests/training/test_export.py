import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

import onnxruntime  # noqa: E402

from voxproof.training.export import export_onnx, halve_weights, quantise_weights  # noqa: E402


class Small(torch.nn.Module):
    """Convolution, batch norm, recurrence and a linear layer: what our networks are made of."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = torch.nn.Conv1d(4, 16, 3, padding=1)
        self.norm = torch.nn.BatchNorm1d(16)
        self.gru = torch.nn.GRU(16, 12, batch_first=True)
        self.out = torch.nn.Linear(12, 3)

    def forward(self, x):
        hidden, _ = self.gru(torch.relu(self.norm(self.conv(x))).transpose(1, 2))
        return self.out(hidden.mean(1))


def run(path, x):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


@pytest.fixture
def module():
    torch.manual_seed(0)
    return Small()


def test_exported_graph_equals_the_module_at_other_lengths(module, tmp_path):
    module.train()
    path = export_onnx(module, (torch.zeros(1, 4, 20),), tmp_path / "m.onnx", ["x"], ["y"], {"x": {0: "n", 2: "t"}})
    assert module.training  # left as it was found
    module.eval()
    x = np.random.default_rng(0).normal(size=(3, 4, 33)).astype(np.float32)
    with torch.no_grad():
        expected = module(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(run(path, x), expected, atol=5e-3)
    assert [p.name for p in tmp_path.iterdir()] == ["m.onnx"]  # nothing is left aside


def test_half_precision_halves_the_file_and_computes_in_float32(module, tmp_path):
    arguments = ((torch.zeros(1, 4, 20),), ["x"], ["y"])
    whole = export_onnx(module, arguments[0], tmp_path / "whole.onnx", *arguments[1:], half=False)
    half = export_onnx(module, arguments[0], tmp_path / "half.onnx", *arguments[1:])
    graph = onnx.load(str(half)).graph
    kinds = {t.data_type for t in graph.initializer if np.prod(t.dims) > 64}
    assert kinds == {onnx.TensorProto.FLOAT16}
    assert half.stat().st_size < whole.stat().st_size
    assert run(half, np.zeros((1, 4, 20), np.float32)).dtype == np.float32


def test_weights_that_half_precision_cannot_hold_stay_whole():
    values = np.full(100, 1e6, np.float32)
    tensor = onnx.numpy_helper.from_array(values, "w")
    node = onnx.helper.make_node("Identity", ["w"], ["y"])
    output = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [100])
    model = onnx.helper.make_model(onnx.helper.make_graph([node], "g", [], [output], [tensor]))
    assert halve_weights(model) == 0
    assert model.graph.initializer[0].data_type == onnx.TensorProto.FLOAT


def test_a_failed_export_leaves_no_half_file(tmp_path):
    class Broken(torch.nn.Module):
        def forward(self, x):
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        export_onnx(Broken(), (torch.zeros(1),), tmp_path / "m.onnx", ["x"], ["y"])
    assert list(tmp_path.iterdir()) == []


def test_eight_bits_quarter_the_file_and_keep_the_output(tmp_path):
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(128, 256), torch.nn.Tanh(), torch.nn.Linear(256, 128)).eval()
    whole = export_onnx(module, (torch.zeros(1, 128),), tmp_path / "whole.onnx", ["x"], ["y"], half=False)
    small = export_onnx(module, (torch.zeros(1, 128),), tmp_path / "small.onnx", ["x"], ["y"], int8=True)
    assert small.stat().st_size < 0.3 * whole.stat().st_size
    x = np.random.default_rng(0).standard_normal((1, 128)).astype(np.float32)
    ours, theirs = (onnxruntime.InferenceSession(str(p)).run(None, {"x": x})[0] for p in (small, whole))
    assert np.abs(ours - theirs).max() < 0.02 * np.abs(theirs).max()


def test_small_matrices_and_vectors_keep_their_precision():
    weights = onnx.numpy_helper.from_array(np.ones((8, 8), np.float32), "w")
    graph = onnx.helper.make_graph([], "g", [], [], [weights])
    assert quantise_weights(onnx.helper.make_model(graph)) == 0
