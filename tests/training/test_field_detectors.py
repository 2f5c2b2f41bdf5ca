"""The field's detectors end to end: every recipe trains for a moment, is exported and scores by ONNX Runtime."""

import csv

import numpy as np
import pytest
import yaml

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("sklearn")

from voxproof.audio import Audio  # noqa: E402
from voxproof.detection import detectors  # noqa: E402
from voxproof.detection.framed import FramedDetector  # noqa: E402
from voxproof.errors import CorpusError, ModelError  # noqa: E402
from voxproof.models import load_card  # noqa: E402
from voxproof.networks.aasist import AASIST_L, SAMPLES, Aasist  # noqa: E402
from voxproof.training.detector import train_detector  # noqa: E402
from voxproof.training.detector_networks import find_network  # noqa: E402
from voxproof.training.export_detector import export_detector  # noqa: E402
from voxproof.training.gmm import train_gmm  # noqa: E402
from voxproof.training.import_aasist import import_aasist, main, read_aasist  # noqa: E402
from voxproof.training.recipe import RECIPES, Run  # noqa: E402

FIELD = ("gmm", "lcnn", "rawnet2", "aasist", "aasist-l")


def buzzing(samples):
    """A crude fake of a real clip: its spectral envelope, frame by frame, on a train of pulses."""
    frames = samples[: len(samples) // 400 * 400].reshape(-1, 400)
    flat = np.fft.irfft(np.abs(np.fft.rfft(frames, axis=1)), axis=1)
    return (0.5 * flat / np.abs(flat).max()).ravel().astype(np.float32)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, voices):
    """Four pages, each a voice: four real clips of 1.5 s and their buzzing copies."""
    folder = tmp_path_factory.mktemp("corpus")
    with (folder / "manifest.tsv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, delimiter="\t")
        table.writerow(["path", "label", "page", "generator", "family", "speaker"])
        for name, audio in voices.items():
            for number in range(4):
                part = audio.samples[number * 24_000 : number * 24_000 + 24_000]
                for label, samples in (("real", part), ("fake", buzzing(part))):
                    path = f"{name}-{label}{number}.wav"
                    Audio(samples, 16_000).save(folder / path)
                    table.writerow([path, label, name, "buzz" if label == "fake" else "", "vocoder", name])
    return folder


@pytest.fixture(scope="module")
def config(corpus, tmp_path_factory):
    return {
        "speech": [str(corpus)],
        "cache": str(tmp_path_factory.mktemp("cache")),
        "held_out": 0.25,
        "judge_minutes": 60,
        "card": {"summary": "A detector of a test.", "licence": "Apache-2.0"},
    }


@pytest.mark.parametrize("name", FIELD)
def test_recipes_name_what_there_is(name):
    recipe = yaml.safe_load((RECIPES / f"detector-{name}.yaml").read_text(encoding="utf-8"))
    assert recipe["network"] == name
    assert find_network(recipe).build(recipe) is not None


def test_gmm_tells_buzzing_from_speech(config, tmp_path, voices):
    recipe = {**config, "recipe": "gmm", "network": "gmm", "components": 4, "rounds": 20, "frames": 4000, "half": False}
    train_gmm(Run(recipe, tmp_path, 1, False, 1))
    card = export_detector(recipe, tmp_path, tmp_path / "detector-gmm")
    detector = detectors.get(card.engine)(load_card(tmp_path / "detector-gmm"))
    samples = voices["dora"].samples[:64_000]
    assert detector.raw_scores(buzzing(samples))[1].mean() > detector.raw_scores(samples)[1].mean() + 1
    assert detector.score(Audio(samples, 16_000)).clip_llr < 0


def test_gmm_needs_both_classes(config, tmp_path):
    recipe = {**config, "network": "gmm", "components": 4000, "rounds": 2, "frames": 4000}
    with pytest.raises(CorpusError, match="too few"):
        train_gmm(Run(recipe, tmp_path, 1, False, 1))


def test_lcnn_trains_by_the_loop_of_all(config, tmp_path):
    recipe = {**config, "network": "lcnn", "batch": 4, "optimiser": "adam", "rate": 1e-4}
    train_detector(Run(recipe, tmp_path, 0.01, False, 1))
    assert (tmp_path / "best.safetensors").is_file()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A checkpoint of AASIST-L with random weights, as `torch.save` writes it."""
    torch.manual_seed(0)
    module = Aasist(AASIST_L)
    path = tmp_path_factory.mktemp("published") / "AASIST-L.pth"
    torch.save(module.state_dict(), path)
    return path, module.eval()


def test_a_published_checkpoint_becomes_a_card(published, tmp_path, voices):
    path, module = published
    assert read_aasist(path)[0] == "AASIST-L"
    import_aasist(path, tmp_path / "aasist-l", None)
    card = load_card(tmp_path / "aasist-l")
    assert "Not calibrated" in card.limits[-1]
    detector = FramedDetector(card)
    samples = voices["carl"].samples[:SAMPLES]
    with torch.no_grad():
        expected = float(module(torch.from_numpy(samples[None].copy())))
    assert detector.raw_scores(samples)[1] == pytest.approx([expected], abs=1e-4)


def test_another_checkpoint_is_refused_in_one_line(tmp_path, capsys, monkeypatch):
    path = tmp_path / "other.pth"
    torch.save({"weight": torch.zeros(3)}, path)
    with pytest.raises(ModelError, match="neither AASIST nor AASIST-L"):
        read_aasist(path)
    monkeypatch.setattr("sys.argv", ["import_aasist", str(tmp_path / "missing.pth"), str(tmp_path / "out")])
    assert main() == 3
    assert capsys.readouterr().err.count("\n") == 1
