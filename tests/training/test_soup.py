"""The mean of two trainings' weights: as a module, and as a folder that speaks."""

import shutil

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from voxproof.errors import ModelError  # noqa: E402
from voxproof.models import describe_file, load_card, save_card  # noqa: E402
from voxproof.networks.cantor import Cantor, CantorConfig  # noqa: E402
from voxproof.synthesis.cantor import CantorSynthesizer  # noqa: E402
from voxproof.text import SYMBOLS, phonemes  # noqa: E402
from voxproof.training.cantor_graphs import export  # noqa: E402
from voxproof.training.checkpoint import save_checkpoint  # noqa: E402
from voxproof.training.soup import mean_weights, soup  # noqa: E402


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A checkpoint, and the folder of a training that went on from it."""
    folder = tmp_path_factory.mktemp("runs")
    torch.manual_seed(0)
    net = Cantor(CantorConfig(symbols=len(SYMBOLS))).eval()
    save_checkpoint(folder / "before.safetensors", net, None)
    first = {name: value.clone() for name, value in net.state_dict().items()}
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.add_(0.02 * torch.randn_like(parameter))
    after = folder / "after"
    after.mkdir()
    save_checkpoint(after / "checkpoint.safetensors", net, None)
    export(net, after)
    shipped = load_card("cantor")
    shutil.copyfile(shipped.folder / "average.npy", after / "average.npy")
    files = tuple(describe_file(after / file.name) for file in shipped.files)
    save_card(shipped.model_copy(update={"files": files}), after)
    return folder / "before.safetensors", after, first, net.state_dict()


def test_the_weights_lie_between(runs):
    before, after, first, second = runs
    mean = mean_weights(before, after / "checkpoint.safetensors", 0.25).state_dict()
    assert mean.keys() == first.keys()
    for name, value in mean.items():
        expected = first[name] + 0.25 * (second[name] - first[name]) if value.is_floating_point() else first[name]
        assert torch.allclose(value, expected, atol=1e-6), name


def test_the_folder_speaks_with_the_mean_and_the_rest_is_as_it_was(runs, tmp_path):
    before, after, _, _ = runs
    soup(before, after, tmp_path / "mean", 0.5)
    card = load_card(tmp_path / "mean")
    assert card.config == load_card(after).config
    assert (tmp_path / "mean" / "average.npy").read_bytes() == (after / "average.npy").read_bytes()
    embedding = np.full(256, 1 / 16, np.float32)
    text = phonemes("The ferry leaves.")
    mels = [CantorSynthesizer(load_card(place)).synthesize(text, embedding, register=120.0).mel
            for place in (tmp_path / "mean", after)]  # fmt: skip
    assert np.isfinite(mels[0]).all()
    assert mels[0].shape != mels[1].shape or np.abs(mels[0] - mels[1]).max() > 0.01


def test_what_does_not_fit_is_refused_in_a_line(runs, tmp_path):
    before, after, _, _ = runs
    with pytest.raises(ModelError, match="out of bounds"):
        soup(before, after, tmp_path / "mean", 1.5)
    with pytest.raises(ModelError, match="no checkpoint"):
        soup(tmp_path / "none", after, tmp_path / "mean")
    assert not (tmp_path / "mean").exists()
