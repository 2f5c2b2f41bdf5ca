"""The recipe of GAN vocoders, for real on two clips: spectral losses, an adversary that joins, resuming, the graph."""

import itertools
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from voxproof.errors import CorpusError, ModelError  # noqa: E402
from voxproof.features import MEL, log_mel  # noqa: E402
from voxproof.models import load_card  # noqa: E402
from voxproof.networks.waveform_discriminators import SMALL_PERIODS, WaveformDiscriminator  # noqa: E402
from voxproof.training import loop  # noqa: E402
from voxproof.training.adversary import Adversary, Start  # noqa: E402
from voxproof.training.checkpoint import load_checkpoint  # noqa: E402
from voxproof.training.gan_networks import GENERATORS  # noqa: E402
from voxproof.training.pack_speech import pack  # noqa: E402
from voxproof.training.recipe import RECIPES, train  # noqa: E402
from voxproof.training.speech_pack import SpeechPack  # noqa: E402
from voxproof.training.waveform_crops import WaveformCrops  # noqa: E402
from voxproof.vocoders.onnx import OnnxVocoder  # noqa: E402

VOICES = Path(__file__).parents[2] / "examples" / "voices"
SIZES = {"channels": 16, "kernels": [3], "dilations": [[1, 3]]}


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    for name in ("anna", "ben"):
        (folder / f"{name}.flac").write_bytes((VOICES / f"{name}.flac").read_bytes())
    (folder / "manifest.tsv").write_text("path\tspeaker\nanna.flac\tanna\nben.flac\tben\n", encoding="utf-8")
    pack(folder / "manifest.tsv", folder / "pack", jobs=1)
    return folder / "pack"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A step takes a second of a clock of ours, so that the number of steps does not hang on the machine."""
    ticks = itertools.count(step=0.5)
    monkeypatch.setattr(loop, "time", SimpleNamespace(monotonic=lambda: next(ticks)))


def run(packed, folder, capsys, steps=2, resume=False, **changes):
    config = {"recipe": "gan_vocoder", "network": "hifigan-v2", "sizes": SIZES, "packs": [str(packed)], "batch": 1}
    file = folder / "vocoder.yaml"
    file.write_text(yaml.safe_dump(config | {"frames": 17, "learning_rate": 1e-2} | changes), encoding="utf-8")
    made = train(str(file), minutes=(steps - 0.75) / 60, resume=resume, folder=folder / "run", threads=1)
    return made, [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


def test_crops_are_what_lies_between_the_first_frame_and_the_last(packed):
    crops = WaveformCrops([SpeechPack(packed)], 41, seed=3)
    mels, waveforms = crops.draw(6)
    assert mels.shape == (6, 41, 80)
    assert waveforms.shape == (6, 8000)
    for mel, samples in zip(mels.numpy(), waveforms.numpy(), strict=True):
        own = log_mel(samples).T  # but for what lies beyond the edges: two frames hear that
        loud = own[2:-2] > -5
        assert np.abs(mel[2:-2] - own[2:-2])[loud].mean() < 0.01


def discriminator_steps(folder):
    kept = Adversary(WaveformDiscriminator(periods=SMALL_PERIODS), "hinge")
    load_checkpoint(folder / "discriminator.safetensors", kept.discriminator, kept.optimiser)
    return {int(state["step"]) for state in kept.optimiser.state_dict()["state"].values()}


def test_it_learns_from_spectra_then_meets_an_adversary_and_resumes(packed, tmp_path, capsys):
    folder, spectral = run(packed, tmp_path, capsys, steps=75)
    assert [line["step"] for line in spectral] == [25, 50, 75]
    assert spectral[-1]["mel"] < 0.5 * spectral[0]["mel"]
    assert "adversarial" not in spectral[-1]
    assert not (folder / "discriminator.safetensors").exists()

    other = tmp_path / "other"
    other.mkdir()
    begun = {"warm_start": str(folder / "checkpoint.safetensors"), "learning_rate": 1e-4}
    _, warm = run(packed, other, capsys, 25, adversarial_from={"minutes": 0}, game="hinge", **begun)
    assert warm[0]["mel"] < 0.7 * spectral[0]["mel"]
    assert "adversarial" in warm[0]

    run(packed, tmp_path, capsys, 85, True, adversarial_from={"steps": 75})
    first = discriminator_steps(folder)
    folder, lines = run(packed, tmp_path, capsys, 100, True, adversarial_from={"steps": 75})
    assert [line["step"] for line in lines] == [100]
    assert {"discriminator", "adversarial", "features"} <= set(lines[0])
    assert all(np.isfinite(value) for value in lines[0].values())
    # Both sides went on from where they were.
    assert 5 < max(first) < 15
    assert 20 < max(discriminator_steps(folder)) < 30

    vocoder = OnnxVocoder(load_card(folder))
    assert vocoder.name == "hifigan-v2"
    assert vocoder.context
    samples = vocoder.vocode(SpeechPack(packed).mel(0)[:100].T)
    assert samples.shape == (99 * MEL.hop,)
    assert np.abs(samples).max() > 0.005


def test_checkpoints_of_other_networks_are_refused(packed, tmp_path, capsys):
    with pytest.raises(ModelError, match="no checkpoint"):
        run(packed, tmp_path, capsys, warm_start=str(tmp_path / "nothing"))
    run(packed, tmp_path, capsys)
    with pytest.raises(ModelError, match="of another network or of other sizes"):
        run(packed, tmp_path, capsys, 10, True, sizes={"channels": 32})


def test_the_generators_step_leaves_the_discriminator_as_it_was():
    torch.manual_seed(0)
    adversary = Adversary(WaveformDiscriminator(periods=SMALL_PERIODS), "least-squares")
    real, made = torch.randn(1, 900), torch.randn(1, 900, requires_grad=True)
    losses = [float(adversary.learn(made, real, 1e-3)) for _ in range(20)]
    assert losses[-1] < losses[0]
    assert made.grad is None
    adversary.optimiser.zero_grad()
    sum(adversary.cost(made, real)).backward()
    assert made.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in adversary.discriminator.parameters())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"network": "hifigan-v9"}, "there are melgan, hifigan-v1"),
        ({"sizes": {"chanels": 16}}, "chanels.*there are n_mels, channels"),
        ({"sizes": {"strides": [8, 8, 2, 2]}}, "make 256 samples of a frame, not 200"),
        ({"weights": {"phase": 1}}, "phase: there are mel"),
        ({"adversarial_from": 20}, "give minutes: M or steps: N"),
        ({"adversarial_from": {"steps": 0}, "discriminator": "huge"}, "there are small, paper"),
        ({"adversarial_from": {"steps": 0}, "game": "chess"}, "there are least-squares, hinge"),
        ({"frames": 5000}, "no clip of the packs has 5000 frames"),
        ({"predicted": 0.5}, "no pack has a synthesizer's mels"),
    ],
)
def test_what_cannot_be_is_one_line(packed, tmp_path, capsys, change, says):
    with pytest.raises(CorpusError, match=says):
        run(packed, tmp_path, capsys, **change)


def test_when_the_adversary_enters():
    class At:
        step, minutes = 10, 2.0

    assert not Start(None).reached(At())
    assert Start({"steps": 10}).reached(At())
    assert not Start({"steps": 11}).reached(At())
    assert Start({"minutes": 2}).reached(At())
    assert not Start({"minutes": 2.5}).reached(At())


@pytest.mark.parametrize("name", GENERATORS)
def test_every_network_has_a_recipe(name):
    config = yaml.safe_load((RECIPES / f"vocoder-{name}.yaml").read_text(encoding="utf-8"))
    assert config["network"] == name
    assert config["recipe"] == "gan_vocoder"
    Start(config["adversarial_from"])
