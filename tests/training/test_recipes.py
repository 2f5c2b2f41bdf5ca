"""Every recipe trains for real on a handful of clips: the loss is finite, the run resumes, the graph runs."""

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

torch = pytest.importorskip("torch")
pytest.importorskip("numba")
pytest.importorskip("onnx")
import onnxruntime  # noqa: E402

from voxproof.conversion import load_converter  # noqa: E402
from voxproof.errors import CorpusError  # noqa: E402
from voxproof.synthesis import load_synthesizer  # noqa: E402
from voxproof.training import predict_mels  # noqa: E402
from voxproof.training.export_cantor import export_cantor  # noqa: E402
from voxproof.training.pack_speech import pack  # noqa: E402
from voxproof.training.predict_conversions import predict_conversions  # noqa: E402
from voxproof.training.recipe import train  # noqa: E402
from voxproof.training.speech_pack import SpeechPack  # noqa: E402
from voxproof.training.transcribed import load_clips, of_some_speakers  # noqa: E402
from voxproof.vocoders import load_vocoder  # noqa: E402

VOICES = Path(__file__).parents[2] / "examples" / "voices"
CLIPS = {
    "anna": "I knew well enough that he might be carried thousands of miles in the box car",
    "ben": "So they always acquit and then a man goes in the night with a hundred masked cowards at his back",
    "carl": "For I tell thee that I have already talked half a morning unto them",
}


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    rows = ["path\tspeaker\ttext\tcorpus\tgender\tlanguage"]
    for name, text in CLIPS.items():
        for copy in range(2):
            target = folder / f"{name}{copy}.flac"
            target.write_bytes((VOICES / f"{name}.flac").read_bytes())
            rows.append(f"{target.name}\t{name}\t{text}\tlibrispeech\t\ten")
    (folder / "manifest.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    pack(folder / "manifest.tsv", folder / "pack", jobs=1)
    paths = [row.split("\t")[0] for row in rows[1:]]
    vectors = np.random.default_rng(0).random((len(paths), 256)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    np.savez(folder / "embeddings.npz", path=np.array(paths), embedding=vectors)
    return folder


def run(packed, tmp_path, capsys, name, minutes=0.02, resume=False, **changes):
    config = {"recipe": name, "packs": [str(packed / "pack")], "embeddings": [str(packed / "embeddings.npz")]} | changes
    file = tmp_path / f"{name}.yaml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    folder = train(str(file), minutes=minutes, resume=resume, folder=tmp_path / name, threads=1)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return folder, lines


def graph(path, **feeds):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, feeds)[0]


def test_pack_holds_what_was_said(packed):
    pack = SpeechPack(packed / "pack")
    assert len(pack) == 6
    row = pack.rows[0]
    assert row["speaker"] == "anna"
    assert pack.mel(0).shape == (row["frames"], 80)
    assert pack.f0(0).shape == (row["frames"],)
    assert len(pack.samples(0)) == row["samples"]
    assert 0.03 < np.sqrt((pack.samples(0) ** 2).mean()) < 0.08


def test_vocoder(packed, tmp_path, capsys):
    folder, _ = run(packed, tmp_path, capsys, "vocoder", batch=2, frames=40, network={"channels": 32, "hidden": 64})
    frames = np.zeros((1, 33, 80), np.float32)
    assert graph(folder / "model.onnx", mel=frames, pulses=np.zeros((1, 33, 401), np.float32)).shape == (1, 33, 401)
    assert load_vocoder(str(folder)).vocode(np.full((80, 9), -5.0, np.float32)).shape == (1600,)
    run(packed, tmp_path, capsys, "vocoder", 0.03, True, batch=2, frames=40, network={"channels": 32, "hidden": 64})


def test_vocoder_against_an_adversary(packed, tmp_path, capsys):
    settings = {"batch": 2, "frames": 40, "network": {"channels": 32, "hidden": 64}}
    run(packed, tmp_path, capsys, "vocoder", **settings)
    (tmp_path / "vocoder").rename(tmp_path / "plain")
    start = str(tmp_path / "plain" / "checkpoint.safetensors")
    folder, _ = run(packed, tmp_path, capsys, "vocoder", start=start, adversary={"weight": 0.1}, **settings)
    assert (folder / "adversary.safetensors").is_file()
    run(packed, tmp_path, capsys, "vocoder", 0.03, True, adversary={"weight": 0.1}, **settings)


def test_synthesizer_and_what_learns_from_it(packed, tmp_path, capsys, monkeypatch):
    folder, lines = run(packed, tmp_path, capsys, "synthesizer", longest=1280, frames=1500)
    assert lines[0]["clips"] == 6
    assert "speakers" in lines[0]
    states = np.zeros((1, 7, 256), np.float32)
    index, place = np.zeros((1, 20), np.int64), np.zeros((1, 20, 3), np.float32)
    condition = np.zeros((1, 128), np.float32)
    feeds = {"states": states, "condition": condition, "index": index, "place": place}
    assert graph(folder / "pitch.onnx", **feeds).shape == (1, 20, 2)
    assert graph(folder / "decoder.onnx", **feeds, pitch=np.zeros((1, 20, 2), np.float32)).shape == (1, 20, 80)
    assert load_synthesizer(str(folder)).synthesize("hello", np.ones(256) / 16, register=120.0).mel.shape[0] == 80
    aligner = str(folder / "checkpoint.safetensors")
    for precision in ("float", "int8"):
        facts = export_cantor(Path(aligner), tmp_path / precision, precision)
        assert facts["minutes"] > 0
    sizes = [(tmp_path / precision / "decoder.onnx").stat().st_size for precision in ("float", "int8")]
    assert sizes[0] > 3.5 * sizes[1]
    converter, _ = run(packed, tmp_path, capsys, "converter", aligner=aligner, longest=1280, frames=1500)
    posteriors = graph(converter / "recogniser.onnx", mel=np.zeros((1, 30, 80), np.float32))
    assert posteriors.sum(-1) == pytest.approx(np.ones((1, 30)), abs=1e-4)

    settings = {"packs": [str(packed / "pack")], "embeddings": [str(packed / "embeddings.npz")]}
    recipe = tmp_path / "predict.yaml"
    recipe.write_text(yaml.safe_dump(settings | {"longest": 1280, "frames": 1500}), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["predict_mels", str(recipe), aligner, "2"])
    predict_mels.main()
    pack = SpeechPack(packed / "pack")
    assert len(pack.predicted) == 3
    assert np.isfinite(pack.predicted_mel(pack.predicted[0])).all()
    sizes = {"channels": 32, "hidden": 64}
    run(packed, tmp_path, capsys, "vocoder", batch=2, frames=40, predicted=1.0, network=sizes)

    made = predict_conversions(load_converter(), pack, packed / "embeddings.npz", 3)
    again = SpeechPack(packed / "pack")
    assert made == len(again.predicted) == 2
    mel, own = again.predicted_mel(again.predicted[0]), again.mel(again.predicted[0])
    assert np.isfinite(mel).all()
    assert np.corrcoef(mel.mean(1), own.mean(1))[0, 1] > 0.8, "frame by frame the same speech"
    with pytest.raises(CorpusError, match="no embeddings"):
        predict_conversions(load_converter(), pack, packed / "manifest.tsv")


def test_tacotron2(packed, tmp_path, capsys):
    sizes = {"encoder": 32, "prenet": 16, "attention": 16, "decoder": 32, "postnet": 16, "reduction": 5}
    settings = {"longest": 1280, "frames": 900, "picture_every": 1, "network": sizes}
    folder, lines = run(packed, tmp_path, capsys, "tacotron2", **settings)
    assert lines[0]["clips"] == 6
    assert {path.name for path in folder.glob("*.onnx")} == {"encoder.onnx", "decoder.onnx", "postnet.onnx"}
    assert (folder / "alignments" / "step-000000.png").is_file()
    assert load_synthesizer(str(folder)).card.config["parameters"] > 0
    run(packed, tmp_path, capsys, "tacotron2", 0.04, True, **settings)


@pytest.mark.parametrize("decoder", ["transformer", "flow"])
def test_fastspeech2(packed, tmp_path, capsys, decoder):
    sizes = {"hidden": 32, "filter": 64, "kernel": 3, "predictor": 32, "reduction": 2, "flow": {"channels": 16}}
    folder, lines = run(
        packed, tmp_path, capsys, "fastspeech2", longest=1280, frames=1500, network=sizes | {"decoder": decoder}
    )
    assert lines[0]["clips"] == 6
    last = {"transformer": {"decoder.onnx"}, "flow": {"frames.onnx", "velocity.onnx"}}[decoder]
    assert {path.name for path in folder.glob("*.onnx")} == {"encoder.onnx", "variance.onnx"} | last
    assert load_synthesizer(str(folder)).flows == (decoder == "flow")


def test_so_many_speakers_hold_those_of_fewer(packed):
    clips = load_clips([packed / "pack"], [packed / "embeddings.npz"], 1280)
    few, more = ({clip.speaker for clip in of_some_speakers(clips, count)} for count in (1, 2))
    assert len(few) == 1
    assert len(more) == 2
    assert few < more
    assert len(of_some_speakers(clips, 1)) == 2, "both clips of the one"


@pytest.mark.parametrize("network", [{"decoder": "wavenet"}, {"reduction": 3}])
def test_a_network_that_cannot_be_is_one_line(packed, tmp_path, capsys, network):
    with pytest.raises(CorpusError, match=f"network.{next(iter(network))}"):
        run(packed, tmp_path, capsys, "fastspeech2", longest=1280, frames=1500, network=network)


def test_judge(packed, tmp_path, capsys):
    folder, _ = run(packed, tmp_path, capsys, "judge", leave_out=[], fewest=2, batch=3, frames=100)
    embedding = graph(folder / "model.onnx", mel=np.random.default_rng(0).random((1, 80, 90)).astype(np.float32))
    assert np.linalg.norm(embedding) == pytest.approx(1.0, abs=1e-3)


def test_student(packed, tmp_path, capsys):
    folder, _ = run(packed, tmp_path, capsys, "student", batch=4, frames=100)
    embedding = graph(folder / "model.onnx", mel=np.random.default_rng(0).random((1, 80, 90)).astype(np.float32))
    assert embedding.shape == (1, 256)


def test_missing_pack_and_unknown_recipe_are_one_line(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("recipe: vocoder\npacks: [nowhere]\nbatch: 1\nframes: 10\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="holds no packed speech"):
        train(str(file), minutes=0.01, resume=False, folder=tmp_path, threads=1)
    file.write_text("recipe: no_such\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="no trainer"):
        train(str(file), minutes=0.01, resume=False, folder=tmp_path, threads=1)
    with pytest.raises(CorpusError, match="no recipe"):
        train("no-such-recipe", minutes=0.01, resume=False, folder=tmp_path, threads=1)
