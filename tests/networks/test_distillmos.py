from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from voxproof.audio import Audio
from voxproof.errors import ModelError
from voxproof.evaluation.distillmos import CARD, CHECKPOINT, GRAPH, DistillMos, compressed_spectrum, windows
from voxproof.models import file_path, load_card, read_torch_tensors, verify
from voxproof.networks.distillmos import FRAMES, SAMPLES, CompressedSpectrum, distillmos_from_tensors, name_in_network
from voxproof.training.export_distillmos import export_distillmos, main


@pytest.fixture(scope="module")
def checkpoint() -> Path:
    card = load_card(CARD)
    if any(state.state != "ok" for state in verify(card)):
        pytest.skip("the package distillmos is not installed")
    return file_path(card, CHECKPOINT)


def test_the_spectrum_is_the_one_that_measuring_uses(speech: Audio) -> None:
    cut = windows(speech.samples)
    peak = np.abs(cut).max(axis=1, keepdims=True)
    with torch.no_grad():
        found = CompressedSpectrum()(torch.from_numpy(cut / peak)).numpy()
    np.testing.assert_allclose(found, compressed_spectrum(cut), atol=2e-3)


def test_network_and_graph_agree(checkpoint: Path, speech: Audio) -> None:
    network = distillmos_from_tensors(read_torch_tensors(checkpoint))
    with torch.no_grad():
        found = network(torch.from_numpy(windows(speech.samples)))
    assert found.mean().item() == pytest.approx(DistillMos().score(speech), abs=1e-4)


def test_the_convolutions_take_any_length(checkpoint: Path) -> None:
    network = distillmos_from_tensors(read_torch_tensors(checkpoint))
    with torch.no_grad():
        features = network.convolve(network.spectrum(torch.randn(2, 16_000)))
        assert features.shape == (2, 50, 1024)
        assert network.convolve(network.spectrum(torch.randn(1, SAMPLES))).shape[1] == FRAMES


def test_the_graph_in_the_package_is_what_the_recipe_writes_and_holds_no_weights(
    checkpoint: Path, tmp_path: Path
) -> None:
    made = onnx.load(export_distillmos(checkpoint, tmp_path / "graph.onnx"), load_external_data=False)
    shipped = onnx.load(file_path(load_card(CARD), GRAPH), load_external_data=False)
    assert [node.op_type for node in made.graph.node] == [node.op_type for node in shipped.graph.node]
    assert {tensor.name for tensor in made.graph.initializer} == {tensor.name for tensor in shipped.graph.initializer}
    assert all(tensor.data_location == onnx.TensorProto.EXTERNAL for tensor in shipped.graph.initializer)


def test_another_checkpoint_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.save({"model": {"cnn.cnn.0.weight": torch.zeros(3)}}, tmp_path / "other.pt")
    with pytest.raises(ModelError, match="not the DistillMOS checkpoint"):
        export_distillmos(tmp_path / "other.pt", tmp_path / "graph.onnx")
    assert main([str(tmp_path / "other.pt"), str(tmp_path / "graph.onnx")]) == 3
    assert capsys.readouterr().err.count("\n") == 1
    assert not list(tmp_path.glob("*.onnx"))


def test_a_tensor_without_a_place_is_named() -> None:
    with pytest.raises(KeyError, match="extra"):
        name_in_network("extra.weight")
