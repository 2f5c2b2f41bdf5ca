"""The recipe end to end on a few seconds of speech: train, resume, export, detect."""

import csv
import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from voxproof.audio import Audio  # noqa: E402
from voxproof.detection import detect_audio  # noqa: E402
from voxproof.detection.spectral import SpectralDetector as Runtime  # noqa: E402
from voxproof.errors import CorpusError  # noqa: E402
from voxproof.features.spectrogram import compressed_spectrogram  # noqa: E402
from voxproof.models import load_card  # noqa: E402
from voxproof.networks.spectral_detector import SpectralDetector  # noqa: E402
from voxproof.training.averaging import Average  # noqa: E402
from voxproof.training.checkpoint import load_checkpoint  # noqa: E402
from voxproof.training.detector import pair_loss, read_clips, train_detector  # noqa: E402
from voxproof.training.detector_output import ridge_weights  # noqa: E402
from voxproof.training.export_detector import export_detector  # noqa: E402
from voxproof.training.recipe import Run  # noqa: E402


def robotic(samples):
    """A crude fake of a real clip: magnitudes kept, phases set to zero, frame by frame."""
    frames = samples[: len(samples) // 400 * 400].reshape(-1, 400)
    flat = np.fft.irfft(np.abs(np.fft.rfft(frames, axis=1)), axis=1)
    return (0.5 * flat / np.abs(flat).max()).ravel().astype(np.float32)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, voices):
    """Four pages, each a voice: five real clips of 1.5 s and their robotic copies."""
    folder = tmp_path_factory.mktemp("corpus")
    with (folder / "manifest.tsv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, delimiter="\t")
        table.writerow(["path", "label", "page", "generator", "family", "speaker"])
        for name, audio in voices.items():
            for number in range(5):
                part = audio.samples[number * 20_000 : number * 20_000 + 24_000]
                for label, samples in (("real", part), ("fake", robotic(part))):
                    path = f"{name}-{label}{number}.wav"
                    Audio(samples, 16_000).save(folder / path)
                    table.writerow([path, label, name, "robot" if label == "fake" else "", "vocoder", name])
    return folder


@pytest.fixture(scope="module")
def config(corpus, tmp_path_factory):
    return {
        "speech": [str(corpus)],
        "cache": str(tmp_path_factory.mktemp("cache")),
        "held_out": 0.25,
        "batch": 8,
        "seconds": [0.6, 0.8],
        "augment": {"noise": 0.2, "codec": 0.1},
        "head": "output",
        "head_alone": 1,
        "rate_head": 3e-3,
        "rate": 1e-3,
        "smoothing": 0.05,
        "ranking": 0.5,
        "judge_minutes": 60,
        "refit_clips": 32,
        "window": 100,
        "hop": 50,
        "card": {"summary": "A detector of a test.", "licence": "Apache-2.0"},
    }


@pytest.fixture(scope="module")
def trained(config, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    train_detector(Run(config, folder, 0.05, False, 1))
    return folder


def logged(folder, key):
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return [line[key] for line in lines if key in line]


def test_it_trains_and_tells_robots(trained):
    assert logged(trained, "clips") == [40]
    assert len(logged(trained, "held_out")[0]) == 1
    assert min(logged(trained, "eer_matched")) < 30
    assert (trained / "best.safetensors").is_file()


def test_it_resumes(config, trained):
    before = load_checkpoint(trained / "checkpoint.safetensors", _both())
    train_detector(Run(config, trained, before["minutes"] + 0.02, True, 1))
    after = load_checkpoint(trained / "checkpoint.safetensors", _both())
    assert after["step"] > before["step"]
    assert after["minutes"] > before["minutes"]


def _both():
    return torch.nn.ModuleList([SpectralDetector(), SpectralDetector()])


def test_what_is_exported_scores_as_the_network(config, trained, tmp_path, voices):
    card = export_detector(config, trained, tmp_path / "detector-test")
    detector = Runtime(load_card(tmp_path / "detector-test"))
    assert card.sha256 == detector.card.sha256
    network = SpectralDetector(window=100, hop=50)
    load_checkpoint(trained / "best.safetensors", network)
    samples = voices["ben"].samples[16_000:56_000]
    with torch.no_grad():
        expected = network.eval()(torch.from_numpy(compressed_spectrogram(samples))[None])[0].numpy()
    np.testing.assert_allclose(detector.raw_scores(samples)[1], expected, atol=0.05)
    real = voices["dora"].samples[: 4 * 16_000]
    assert detect_audio(Audio(robotic(real), 16_000), detector).llr > detect_audio(Audio(real, 16_000), detector).llr


def test_a_recipe_without_data_is_refused(config, tmp_path):
    with pytest.raises(CorpusError, match="no manifest"):
        train_detector(Run({**config, "speech": [str(tmp_path)]}, tmp_path, 0.01, False, 1))
    assert len(read_clips(config)) == 40


def test_pair_loss_asks_for_order():
    fake = torch.tensor([0.0, 1.0])
    right, wrong = torch.tensor([-2.0, 2.0]), torch.tensor([2.0, -2.0])
    assert pair_loss(right, fake, 0.0, 0.5) < pair_loss(wrong, fake, 0.0, 0.5)
    # By hand: log(1 + exp(-2)) for each clip and half of log(1 + exp(-4)) for the pair.
    assert float(pair_loss(right, fake, 0.0, 0.5)) == pytest.approx(0.126928 + 0.5 * 0.018150, abs=1e-5)


def test_the_average_follows_the_weights():
    module = torch.nn.Linear(1, 1, bias=False)
    average = Average(module, 0.99)
    with torch.no_grad():
        module.weight.fill_(3.0)
    for _ in range(3):
        average.update(module)
    assert float(average.module.weight[0, 0]) == pytest.approx(3.0, abs=0.2)


def test_ridge_regression_in_its_dual_form_is_the_primal_one():
    rng = np.random.default_rng(0)
    inputs, fake = rng.normal(size=(30, 5)), rng.random(30) > 0.4
    weights, offset = ridge_weights(inputs, fake, 0.3)
    centred, targets = inputs - inputs.mean(0), np.where(fake, 1.0, -1.0)
    primal = np.linalg.solve(centred.T @ centred + 0.3 * 5 * np.eye(5), centred.T @ (targets - targets.mean()))
    np.testing.assert_allclose(weights, primal)
    assert offset == pytest.approx(targets.mean() - inputs.mean(0) @ primal)
