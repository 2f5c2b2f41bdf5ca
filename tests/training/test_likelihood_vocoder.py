"""The recipe trains either network on a handful of clips, and what it writes is what was trained."""

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

from voxproof.errors import CorpusError  # noqa: E402
from voxproof.features import log_mel  # noqa: E402
from voxproof.features.sample_levels import even_encode  # noqa: E402
from voxproof.models import session_of  # noqa: E402
from voxproof.networks.waveglow import WaveGlow  # noqa: E402
from voxproof.networks.wavenet import WaveNet, WaveNetConfig  # noqa: E402
from voxproof.training.checkpoint import load_checkpoint  # noqa: E402
from voxproof.training.export_wavenet import export_wavenet, graph_nats, prune_magnitudes  # noqa: E402
from voxproof.training.likelihood_vocoder import levels_for, network_of  # noqa: E402
from voxproof.training.pack_speech import pack  # noqa: E402
from voxproof.training.recipe import RECIPES, train  # noqa: E402
from voxproof.training.speech_pack import SpeechPack  # noqa: E402
from voxproof.training.waveform_crops import WaveformCrops  # noqa: E402
from voxproof.vocoders import load_vocoder  # noqa: E402
from voxproof.vocoders.cached_wavenet import CachedWaveNet  # noqa: E402

VOICES = Path(__file__).parents[2] / "examples" / "voices"
SMALL = {"layers": 4, "cycles": 2, "kernel": 2, "residual": 16, "gates": 16, "skip": 16, "condition": 16}
SIZES = {
    "wavenet": SMALL | {"upsample": [5], "repeat": 40},
    "waveglow": {"flows": 3, "early_every": 2, "layers": 2, "channels": 16, "condition": 16},
}


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    rows = ["path\tspeaker\ttext"]
    for name in ("anna", "ben", "carl"):
        (folder / f"{name}.flac").write_bytes((VOICES / f"{name}.flac").read_bytes())
        rows.append(f"{name}.flac\t{name}\t")
    (folder / "manifest.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    pack(folder / "manifest.tsv", folder / "pack", jobs=1)
    return folder / "pack"


def run(packed, tmp_path, capsys, minutes, resume=False, **changes):
    config = {"recipe": "likelihood_vocoder", "packs": [str(packed)], "batch": 2, "frames": 21, "learning_rate": 5e-3}
    file = tmp_path / "recipe.yaml"
    file.write_text(yaml.safe_dump(config | changes), encoding="utf-8")
    folder = train(str(file), minutes=minutes, resume=resume, folder=tmp_path / "run", threads=1)
    return folder, [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


def test_segments_are_mel_and_samples_of_one_place(packed):
    crops = WaveformCrops([SpeechPack(packed)], 31, seed=3)
    mel, samples = crops.draw(4)
    assert mel.shape == (4, 31, 80)
    assert samples.shape == (4, 6000)
    for own, heard in zip(mel.numpy(), samples.numpy(), strict=True):
        again = log_mel(heard).T
        inside = again[3:-3] > -7  # the edges look outside, and 16 bits are coarse under that
        assert np.abs(own[3:-3] - again[3:-3])[inside].mean() < 0.05


def test_held_out_clips_are_not_trained_on(packed):
    packs = [SpeechPack(packed)]
    assert [i for _, i in WaveformCrops(packs, 21, held_out=False).clips] == [1, 2]
    assert [i for _, i in WaveformCrops(packs, 21, held_out=True).clips] == [0]
    with pytest.raises(CorpusError, match="fewer"):
        WaveformCrops(packs, 100_000)
    with pytest.raises(CorpusError, match="predict_mels"):
        WaveformCrops(packs, 21, predicted=0.5)


@pytest.mark.parametrize(
    ("network", "sizes"),
    [("wavenet", {}), ("wavenet", {"output": "categorical", "levels": 256}), ("waveglow", {})],
)
def test_clips_that_were_not_trained_on_become_likelier(packed, network, sizes):
    torch.manual_seed(0)
    net = network_of({"network": network, "sizes": SIZES[network] | sizes})
    packs = [SpeechPack(packed)]
    crops = WaveformCrops(packs, 21, held_out=False)
    mel, samples = WaveformCrops(packs, 21, held_out=True).draw(8)
    levels = levels_for(net, samples)
    optimiser = torch.optim.Adam(net.parameters(), lr=3e-3)
    before = net.nats(mel, levels).mean().item()
    for _ in range(40):
        own, heard = crops.draw(2)
        optimiser.zero_grad()
        net.nats(own, levels_for(net, heard)).mean().backward()
        optimiser.step()
    assert net.nats(mel, levels).mean().item() < before - 0.1


def _steps(folder):
    net = network_of({"network": "wavenet", "sizes": SIZES["wavenet"]})
    return load_checkpoint(folder / "checkpoint.safetensors", net)["step"]


def test_wavenet_resumes_and_ships(packed, tmp_path, capsys):
    folder, lines = run(packed, tmp_path, capsys, 0.03, network="wavenet", sizes=SIZES["wavenet"])
    end, before = lines[-1], _steps(folder)
    assert np.isfinite(end["held_out_nats"])
    assert end["segment_nats_of_graphs"] == pytest.approx(end["segment_nats"], abs=0.02)
    sizes = SIZES["wavenet"]
    folder, _ = run(packed, tmp_path, capsys, 0.035, True, network="wavenet", sizes=sizes, precision="int8")
    assert _steps(folder) >= before >= 1
    assert sorted(file.name for file in folder.glob("*.onnx")) == ["conditions.onnx", "step.onnx"]
    vocoder = load_vocoder(str(folder))
    assert vocoder.parameters == end["parameters"]
    assert len(vocoder.vocode(np.full((80, 3), -5.0, np.float32), None)) == 400


def test_categorical_wavenet_ships(packed, tmp_path, capsys):
    sizes = SIZES["wavenet"] | {"output": "categorical", "levels": 256}
    _, lines = run(packed, tmp_path, capsys, 0.02, network="wavenet", sizes=sizes)
    assert np.isfinite(lines[-1]["held_out_nats"])
    assert lines[-1]["segment_nats_of_graphs"] == pytest.approx(lines[-1]["segment_nats"], abs=0.02)


def test_waveglow_ships_and_its_graph_is_its_inverse(packed, tmp_path, capsys):
    folder, lines = run(packed, tmp_path, capsys, 0.03, network="waveglow", sizes=SIZES["waveglow"])
    assert np.isfinite(lines[-1]["held_out_nats"])
    net = network_of({"network": "waveglow", "sizes": SIZES["waveglow"]})
    load_checkpoint(folder / "checkpoint.safetensors", net)
    mel, noise = torch.randn(1, 14, 80) - 5, torch.randn(1, 8, 13 * 25)
    with torch.no_grad():
        expected = net.inverse(mel, noise).numpy()
    made = session_of(folder / "model.onnx").run(None, {"mel": mel.numpy(), "noise": noise.numpy()})[0]
    assert made.shape == (1, 2600)
    assert np.abs(made - expected).max() < 0.02 * np.abs(expected).max()  # weights in half precision


@pytest.mark.parametrize("output", [{}, {"output": "categorical", "levels": 256}])
@pytest.mark.parametrize("kernel", [2, 3])
def test_cached_steps_are_the_whole_network(speech, tmp_path, monkeypatch, kernel, output):
    monkeypatch.setattr("voxproof.training.export_wavenet.halve_weights", lambda model: 0)
    monkeypatch.setattr("voxproof.training.export.halve_weights", lambda model: 0)
    torch.manual_seed(0)
    net = WaveNet(WaveNetConfig(**SMALL | {"kernel": kernel, "upsample": (4, 5), "repeat": 10} | output))
    samples = speech.samples[16_000:16_800]
    mel = torch.from_numpy(log_mel(samples).T[None].copy())
    levels = torch.from_numpy(even_encode(samples, net.config.levels))[None]
    with torch.no_grad():
        whole = net(mel, levels)[0].numpy()
    export_wavenet(net, tmp_path)
    conditions = session_of(tmp_path / "conditions.onnx").run(None, {"mel": mel.numpy()})[0]
    memory = CachedWaveNet(session_of(tmp_path / "step.onnx"))
    previous = [0.0, *(2.0 * levels[0, :-1].numpy() / (net.config.levels - 1) - 1.0)]
    steps = np.stack([memory.step(x, conditions[t // 10]) for t, x in enumerate(previous)], axis=1)
    assert np.abs(steps - whole).max() < 1e-4
    assert whole.std(axis=1).max() > 1e-3  # it does depend on what was heard


def test_eight_bits_and_pruning_cost_what_they_may(speech, tmp_path):
    torch.manual_seed(0)
    wide = SMALL | {"residual": 64, "gates": 64, "skip": 64}
    net = WaveNet(WaveNetConfig(**wide | {"upsample": (5,), "repeat": 40}))
    samples = speech.samples[16_000:16_600]
    mel, levels = torch.from_numpy(log_mel(samples).T[None].copy()), torch.from_numpy(even_encode(samples))[None]
    nats, sizes, kinds = {}, {}, {}
    for precision in ("half", "int8", "integer"):
        export_wavenet(net, tmp_path, precision)
        nats[precision] = graph_nats(tmp_path, net, mel, levels)
        sizes[precision] = (tmp_path / "step.onnx").stat().st_size
        kinds[precision] = {node.op_type for node in onnx.load(str(tmp_path / "step.onnx")).graph.node}
    assert sizes["int8"] < 0.65 * sizes["half"]
    assert "MatMulInteger" in kinds["integer"]
    assert "MatMulInteger" not in kinds["int8"]
    assert nats["int8"] == pytest.approx(nats["half"], abs=0.02)
    assert nats["integer"] == pytest.approx(nats["half"], abs=0.1)
    export_wavenet(net, tmp_path, prune=0.9)
    assert graph_nats(tmp_path, net, mel, levels) != pytest.approx(nats["half"], abs=1e-4)
    assert float((net.blocks[1].dilated.weight == 0).float().mean()) == 0  # the network itself is left alone


def test_pruning_takes_the_smallest():
    layer = torch.nn.Linear(64, 64)
    before = layer.weight.detach().clone()
    prune_magnitudes(layer, 0.75)
    kept = layer.weight != 0
    assert kept.float().mean().item() == pytest.approx(0.25, abs=1e-3)
    assert before[kept].abs().min() > before[~kept].abs().max()
    assert torch.equal(layer.weight[kept], before[kept])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"network": "wavenot"}, "wavenet, waveglow"),
        ({"network": "waveglow", "sizes": {"chanels": 3}}, "no size 'chanels'"),
        ({"network": "wavenet", "sizes": {"upsample": [5], "repeat": 2}}, "10 samples of a frame"),
        ({"network": "wavenet", "sizes": {"output": "gaussian"}}, "'gaussian'"),
        ({"network": "wavenet", "sizes": {"layers": 7, "cycles": 2}}, "7 in 2"),
        ({"network": "waveglow", "sizes": {"early_size": 1}}, "early_size"),
        ({"network": "waveglow", "sizes": {"flows": 12, "early_every": 2}}, "less than all"),
    ],
)
def test_a_wrong_recipe_is_one_line(changes, says):
    with pytest.raises(CorpusError, match=says):
        network_of(changes)


@pytest.mark.parametrize(("precision", "prune"), [("float", 0.0), ("half", 1.0)])
def test_a_wrong_export_is_one_line(tmp_path, precision, prune):
    with pytest.raises(CorpusError, match="recipe: "):
        export_wavenet(WaveNet(WaveNetConfig(**SMALL)), tmp_path, precision, prune)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "kind"), [("vocoder-wavenet", WaveNet), ("vocoder-waveglow", WaveGlow)])
def test_bundled_recipes_name_networks_that_a_processor_can_train(name, kind):
    net = network_of(yaml.safe_load((RECIPES / f"{name}.yaml").read_text(encoding="utf-8")))
    assert isinstance(net, kind)
    assert sum(weights.numel() for weights in net.parameters()) < 5e6
