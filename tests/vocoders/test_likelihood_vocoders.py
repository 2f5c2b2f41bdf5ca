"""WaveNet's and WaveGlow's engines with small untrained models: what holds for every vocoder whatever its weights."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from voxproof.errors import ModelError  # noqa: E402
from voxproof.features import log_mel  # noqa: E402
from voxproof.features.sample_levels import even_decode, even_encode  # noqa: E402
from voxproof.models import Card, describe_file, load_card, save_card  # noqa: E402
from voxproof.networks.waveglow import WaveGlow as WaveGlowNetwork  # noqa: E402
from voxproof.networks.waveglow import WaveGlowConfig  # noqa: E402
from voxproof.networks.wavenet import WaveNet as WaveNetNetwork  # noqa: E402
from voxproof.networks.wavenet import WaveNetConfig  # noqa: E402
from voxproof.training.export_wavenet import export_wavenet  # noqa: E402
from voxproof.training.likelihood_vocoder import export_waveglow  # noqa: E402
from voxproof.vocoders import vocoder_names, vocoders  # noqa: E402
from voxproof.vocoders.drawing import CategoricalDrawing, LogisticsDrawing  # noqa: E402

from .test_conformance import (  # noqa: E402, F401
    test_length_and_type,
    test_needs_no_pitch,
    test_same_seed_same_samples,
    test_short_input,
)

SMALL = {"layers": 3, "cycles": 1, "residual": 8, "gates": 8, "skip": 8, "condition": 8}
NETWORKS = {
    "logistics": WaveNetConfig(**SMALL, kernel=2, upsample=(5,), repeat=40),
    "categorical": WaveNetConfig(**SMALL, kernel=3, upsample=(4, 5), repeat=10, output="categorical", levels=256),
    "waveglow": WaveGlowConfig(flows=3, early_every=2, layers=2, channels=8, condition=8),
}


@pytest.fixture
def speech(voices):
    """Less than a second: a step of WaveNet is taken for every sample."""
    return voices["ben"].samples[4_000:16_000]


def made(config, folder):
    """An engine of a model with random weights."""
    torch.manual_seed(0)
    name = "wavenet" if isinstance(config, WaveNetConfig) else "waveglow"
    if name == "wavenet":
        export_wavenet(WaveNetNetwork(config), folder)
    else:
        export_waveglow(WaveGlowNetwork(config), folder)
    files = tuple(describe_file(path) for path in sorted(folder.glob("*.onnx")))
    about = {"summary": "Random weights.", "licence": "Apache-2.0", "config": {"parameters": 7}}
    save_card(Card(name=f"small-{name}", kind="vocoder", engine=name, files=files, **about), folder)
    return vocoders.get(name)(load_card(folder))


@pytest.fixture(scope="module", params=list(NETWORKS))
def vocoder(request, tmp_path_factory):
    return made(NETWORKS[request.param], tmp_path_factory.mktemp(request.param))


def test_samples_are_in_range(vocoder, speech):
    assert np.abs(vocoder.vocode(log_mel(speech[:4_000]))).max() <= 1.0


def test_another_seed_is_another_take(vocoder, speech):
    mel = log_mel(speech[:2_000])
    assert not np.array_equal(vocoder.vocode(mel, seed=1), vocoder.vocode(mel, seed=2))
    assert vocoder.parameters == 7


def test_conditions_in_blocks_are_those_of_the_whole(tmp_path, speech):
    engine = made(NETWORKS["categorical"], tmp_path)
    mel = log_mel(speech[:10_000])
    whole = engine._conditions.run(None, {"mel": mel.T[None]})[0][: (mel.shape[1] - 1) * 20]
    blocks = np.stack(list(engine.conditions(mel)))
    assert mel.shape[1] == 51  # more than three blocks
    assert np.abs(blocks - whole).max() < 1e-5
    assert np.abs(whole - whole[0]).max() > 1e-2


def test_levels_are_drawn_with_the_probabilities_of_the_mixture():
    """The share of draws under a level is the mixture's distribution function there."""
    weights, means, scales = np.array([0.3, 0.7]), np.array([-0.4, 0.2]), np.array([0.05, 0.1])
    parameters = np.concatenate([np.log(weights), means, np.log(scales)]).astype(np.float32)
    drawing = LogisticsDrawing(65_536, 2, 20_000, seed=0)
    drawn = even_decode(np.array([drawing.draw(parameters, time) for time in range(20_000)]))
    for point in (-0.5, -0.4, 0.0, 0.2, 0.4):
        expected = float((weights / (1 + np.exp((means - point) / scales))).sum())
        assert (drawn <= point).mean() == pytest.approx(expected, abs=0.012)


def test_without_temperature_the_mean_is_drawn():
    parameters = np.array([0.0, 0.3, -1.0], np.float32)
    drawing = LogisticsDrawing(65_536, 1, 3, seed=0, temperature=0.0)
    assert drawing.draw(parameters, 2) == even_encode(np.array([0.3], np.float32))[0]
    parameters[1] = 7.0
    assert drawing.draw(parameters, 2) == 65_535


def test_levels_are_drawn_with_the_probabilities_of_the_softmax():
    shares = np.array([0.5, 0.0, 0.2, 0.3])
    with np.errstate(divide="ignore"):
        logits = np.log(shares).astype(np.float32) + 3
    drawing = CategoricalDrawing(20_000, seed=0)
    drawn = np.array([drawing.draw(logits, time) for time in range(20_000)])
    assert np.bincount(drawn, minlength=4) / 20_000 == pytest.approx(shares, abs=0.012)


def test_a_graph_that_is_no_step_is_one_line(tmp_path):
    made(NETWORKS["waveglow"], tmp_path)
    for name in ("step.onnx", "conditions.onnx"):
        (tmp_path / name).write_bytes((tmp_path / "model.onnx").read_bytes())
    files = tuple(describe_file(tmp_path / name) for name in ("step.onnx", "conditions.onnx"))
    card = load_card(tmp_path).model_copy(update={"engine": "wavenet", "files": files})
    save_card(card, tmp_path)
    with pytest.raises(ModelError, match="no step of a WaveNet"):
        vocoders.get("wavenet")(load_card(tmp_path))


@pytest.mark.parametrize("name", ["wavenet", "waveglow"])
def test_an_engine_without_its_model_is_not_listed(name):
    shipped = name in vocoder_names()
    if shipped:
        assert vocoders.get(name)().name == name
    else:
        with pytest.raises(ModelError, match="no model is called"):
            vocoders.get(name)()
