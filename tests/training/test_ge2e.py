"""The recipe of GE2E, for real on four voices: it learns, tells its error rate, resumes, and its card is an encoder."""

import itertools
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
import onnxruntime  # noqa: E402

from voxproof.audio import Audio, read_audio, write_audio  # noqa: E402
from voxproof.errors import CorpusError  # noqa: E402
from voxproof.networks.ge2e import Ge2e, Ge2eConfig  # noqa: E402
from voxproof.speakers import load_encoder  # noqa: E402
from voxproof.training import loop  # noqa: E402
from voxproof.training.checkpoint import load_checkpoint  # noqa: E402
from voxproof.training.ge2e import LogMelGe2e, optimiser_of, read_settings  # noqa: E402
from voxproof.training.held_out_speakers import HeldOutSpeakers  # noqa: E402
from voxproof.training.pack_speech import pack  # noqa: E402
from voxproof.training.partial_utterances import PartialUtterances, split_speakers, spread  # noqa: E402
from voxproof.training.recipe import RECIPES, train  # noqa: E402
from voxproof.training.speech_pack import SpeechPack, clips_by_speaker  # noqa: E402

VOICES = Path(__file__).parents[2] / "examples" / "voices"
SIZES = {"hidden": 32, "layers": 2, "dim": 16}
STEPS = 75


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """Two halves of each voice, and one clip of somebody whose id says nothing."""
    folder = tmp_path_factory.mktemp("pack")
    rows = ["path\tspeaker"]
    for name in ("anna", "ben", "carl", "dora"):
        audio = read_audio(VOICES / f"{name}.flac", rate=16_000)
        middle = len(audio.samples) // 2
        for half, samples in enumerate((audio.samples[:middle], audio.samples[middle:])):
            write_audio(folder / f"{name}{half}.flac", Audio(samples, 16_000))
            rows.append(f"{name}{half}.flac\t{name}")
    rows.append("anna0.flac\tunk_1")
    (folder / "manifest.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    pack(folder / "manifest.tsv", folder / "pack", jobs=1)
    return folder / "pack"


@pytest.fixture
def clock(monkeypatch):
    """A step takes a second of a clock of ours, so that the number of steps does not hang on the machine."""
    ticks = itertools.count(step=0.5)
    monkeypatch.setattr(loop, "time", SimpleNamespace(monotonic=lambda: next(ticks)))


def run(packed, folder, capsys, steps=2, resume=False, **changes):
    config = {"recipe": "ge2e", "packs": [str(packed)], "leave_out": ["unk_"], "network": SIZES}
    config |= {"speakers": 2, "utterances": 3, "held_out": 2, "judge_every": 0.5, "learning_rate": 5e-3}
    file = folder / "ge2e.yaml"
    file.write_text(yaml.safe_dump(config | changes), encoding="utf-8")
    made = train(str(file), minutes=(steps - 0.75) / 60, resume=resume, folder=folder / "run", threads=1)
    return made, [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


def everybody(packed, *leave_out):
    return clips_by_speaker([SpeechPack(packed)], leave_out)


@pytest.mark.parametrize(("loss", "optimiser"), [("softmax", "adam"), ("contrast", "adam"), ("softmax", "sgd")])
def test_it_learns_and_its_card_is_an_encoder(packed, tmp_path, capsys, clock, speech, loss, optimiser):
    rate = 5e-3 if optimiser == "adam" else 0.3
    changes = {"loss": loss, "optimiser": optimiser, "learning_rate": rate, "softmax_steps": 0}
    folder, lines = run(packed, tmp_path, capsys, STEPS, **changes)
    assert lines[0] == {"speakers": 2, "clips": 4, "held_out": 2}
    steps = [line for line in lines if loss in line]
    assert [line["step"] for line in steps] == [25, 50, 75]
    assert steps[-1][loss] < 0.7 * steps[0][loss]
    judged = [line for line in lines if "held_out_eer" in line]
    assert [line["step"] for line in judged] == [31, 61, 75]  # every half minute, and at the end
    assert all(0.0 <= line["held_out_eer"] <= 1.0 for line in judged)

    encoder = load_encoder(str(folder))
    embedding = encoder.embed(speech)
    assert encoder.name == f"ge2e-{loss}"
    assert embedding.shape == (encoder.dim,) == (16,)
    assert np.linalg.norm(embedding) == pytest.approx(1.0, abs=1e-5)


def test_the_graph_computes_the_network_for_any_batch_and_length(packed, tmp_path, capsys, clock):
    folder, _ = run(packed, tmp_path, capsys)
    net = LogMelGe2e(Ge2e(Ge2eConfig(n_mels=80, **SIZES)))
    load_checkpoint(folder / "checkpoint.safetensors", net)
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    for batch, frames in ((1, 90), (2, 128), (5, 61)):
        mel = torch.randn(batch, 80, frames, generator=torch.Generator().manual_seed(0)) - 5.0
        found = session.run(["embedding"], {"mel": mel.numpy()})[0]
        np.testing.assert_allclose(found, net(mel).detach().numpy(), atol=5e-3)  # weights of 16 bits


def test_it_goes_on_where_it_was(packed, tmp_path, capsys, clock):
    _, first = run(packed, tmp_path, capsys, 30, loss="contrast", softmax_steps=25)
    assert [line["step"] for line in first if "softmax" in line] == [25]
    _, lines = run(packed, tmp_path, capsys, 50, True, loss="contrast", softmax_steps=25)
    assert [line["step"] for line in lines if "contrast" in line] == [50]
    assert 50 <= lines[-1]["step"] <= 52


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"packs": []}, "packs: List should have at least 1 item"),
        ({"packs": ["nowhere"]}, "holds no packed speech"),
        ({"loss": "triplet"}, "loss: Input should be 'softmax' or 'contrast'"),
        ({"optimiser": "adagrad"}, "optimiser: Input should be"),
        ({"speakers": 1}, "speakers: Input should be greater than or equal to 2"),
        ({"utterances": 1}, "utterances: Input should be greater than or equal to 2"),
        ({"speakers": 3}, r"speakers: 3 in a batch, but only 2 in the packs have room"),
        ({"utterances": 40}, r"speakers: 2 in a batch, but only 0 in the packs have room"),
        ({"held_out": 5}, "held_out: 5 speakers with two clips are asked for, and the packs have 4"),
        ({"seconds": [1.8, 1.4]}, "seconds: from 1.8 to 1.4 s is no range"),
        ({"sed": 3}, r"sed: Extra inputs are not permitted \(keys: recipe, minutes, packs"),
        ({"network": {"hidden": 0}}, "network.hidden"),
    ],
)
def test_a_recipe_that_cannot_be_is_one_line(packed, tmp_path, capsys, changes, says):
    with pytest.raises(CorpusError, match=says) as caught:
        run(packed, tmp_path, capsys, **changes)
    assert "\n" not in str(caught.value)


def test_the_bundled_recipe_is_one():
    read_settings(yaml.safe_load((RECIPES / "ge2e.yaml").read_text(encoding="utf-8")))


def test_the_papers_scales_of_gradients_are_scales_of_the_rate():
    encoder = Ge2e(Ge2eConfig(n_mels=4, hidden=8, layers=1, dim=3))
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    optimiser = optimiser_of(encoder, "sgd")
    for value in encoder.parameters():
        value.grad = torch.ones_like(value)
    for group in optimiser.param_groups:
        group["lr"] = 0.1 * group.get("rate_scale", 1.0)
    optimiser.step()
    moved = {name: float((before[name] - value).mean()) for name, value in encoder.state_dict().items()}
    for name, distance in moved.items():
        scale = 0.5 if name.startswith("linear") else 0.01 if name.startswith("similarity") else 1.0
        assert distance == pytest.approx(0.1 * scale, rel=1e-2), name


def test_utterances_lie_side_by_side_in_as_many_clips_as_there_are(packed):
    partials = PartialUtterances(everybody(packed, "unk_"), 3, 112, 144, seed=1)
    for clips in partials.clips:
        for _ in range(20):
            places = partials._places(clips, 130)
            assert len(places) == 3
            by_clip = {}
            for clip, start in places:
                assert 0 <= start <= clip[0].rows[clip[1]]["frames"] - 130
                by_clip.setdefault(clip[1], []).append(start)
            assert len(by_clip) == 2
            assert all(np.diff(starts).min() >= 130 for starts in by_clip.values() if len(starts) > 1)
    mels = partials.batch(4)
    assert mels.shape[:2] == (12, 80)
    assert 112 <= mels.shape[2] <= 144
    assert len({partials.batch(2).shape[2] for _ in range(40)}) > 10


def test_one_clip_does_where_it_is_long_enough(packed):
    alone = {"unk_1": everybody(packed)["unk_1"]}
    assert len(PartialUtterances(alone, 2, 112, 144).clips) == 1
    assert not PartialUtterances(alone, 12, 112, 144).clips


def test_spreading_is_even_within_the_room():
    rng = np.random.default_rng(0)
    assert spread(4, np.array([1, 9, 1]), rng).tolist() == [1, 2, 1]
    assert sorted(spread(2, np.array([5, 5, 5]), rng)) == [0, 1, 1]
    with pytest.raises(ValueError, match="room for 3, not for 4"):
        spread(4, np.array([1, 2]), rng)


def test_who_judges_is_never_learned_from_and_has_two_clips(packed):
    training, judging = split_speakers(everybody(packed), 3, 128, seed=0)
    assert len(judging) == 3
    assert "unk_1" in training
    assert not set(training) & set(judging)
    assert split_speakers(everybody(packed), 3, 128, seed=0)[1].keys() == judging.keys()


def test_the_error_rate_is_none_for_who_knows_and_half_for_who_does_not(packed):
    held_out = HeldOutSpeakers(everybody(packed, "unk_"), 128)
    speaker_of = torch.from_numpy(held_out.speaker_of)[held_out.clip_of]

    class Knows(torch.nn.Module):
        def forward(self, mel):
            place = next(answers)
            return torch.eye(4)[speaker_of[place : place + len(mel)]]

    answers = itertools.count(0, 64)
    assert held_out.eer(Knows()) == 0.0
    assert held_out.eer(lambda_module(lambda mel: torch.ones(len(mel), 4))) == pytest.approx(0.5)


def lambda_module(function):
    module = torch.nn.Identity()
    module.forward = function
    return module
