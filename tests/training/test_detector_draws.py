"""The detector by texture, end to end: draws, training, export, detection."""

import csv
import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from voxproof.audio import Audio  # noqa: E402
from voxproof.detection.texture import TextureDetector as Runtime  # noqa: E402
from voxproof.features.texture import FRAME, VALUES, texture_maps  # noqa: E402
from voxproof.models import load_card  # noqa: E402
from voxproof.networks.texture_detector import TextureDetector  # noqa: E402
from voxproof.training.checkpoint import load_checkpoint  # noqa: E402
from voxproof.training.detector import read_clips, train_detector  # noqa: E402
from voxproof.training.detector_data import PairSampler, pack_clips  # noqa: E402
from voxproof.training.detector_draws import DrawnBatches, make_draws  # noqa: E402
from voxproof.training.export_detector import export_detector  # noqa: E402
from voxproof.training.recipe import Run  # noqa: E402


def flat(samples):
    """A crude fake: magnitudes kept, phases set to zero, frame by frame."""
    frames = samples[: len(samples) // 400 * 400].reshape(-1, 400)
    silent = np.fft.irfft(np.abs(np.fft.rfft(frames, axis=1)), axis=1)
    return (0.5 * silent / np.abs(silent).max()).ravel().astype(np.float32)


@pytest.fixture(scope="module")
def config(voices, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    with (folder / "manifest.tsv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, delimiter="\t")
        table.writerow(["path", "label", "page", "generator", "family", "speaker"])
        for name, audio in voices.items():
            for number in range(4):
                part = audio.samples[number * 20_000 : number * 20_000 + 20_000]
                for label, samples in (("real", part), ("fake", flat(part))):
                    path = f"{name}-{label}{number}.wav"
                    Audio(samples, 16_000).save(folder / path)
                    table.writerow([path, label, name, "flat" if label == "fake" else "", "vocoder", name])
    return {
        "network": "texture",
        "speech": [str(folder)],
        "cache": str(tmp_path_factory.mktemp("cache")),
        "held_out": 0.25,
        "batch": 8,
        "seconds": [0.5, 1.0],
        "draws": 2,
        "draw_seconds": 1.2,
        "augment": {"noise": 0.5, "codec": 0.2},
        "rate": 2e-3,
        "width": 16,
        "hidden": 8,
        "judge_minutes": 60,
        "window": 50,
        "hop": 25,
        "card": {"summary": "A detector of a test.", "licence": "Apache-2.0"},
    }


@pytest.fixture(scope="module")
def trained(config, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    train_detector(Run(config, folder, 0.08, False, 1))
    return folder


def test_draws_are_kept_and_the_first_is_the_clip_itself(config):
    from pathlib import Path

    pack = pack_clips(read_clips(config), config["cache"])
    draws = make_draws(pack, config, Path(config["cache"]), workers=1)
    before = {path: path.stat().st_mtime_ns for path in draws.paths}
    again = make_draws(pack, config, Path(config["cache"]), workers=1)
    assert {path: path.stat().st_mtime_ns for path in again.paths} == before
    rng = np.random.default_rng(0)
    clean = draws.crop(3, 0, int(draws.frames[3]), rng)
    longest = int(1.2 * 16_000)
    starts = range(len(pack[3]) - longest + 1)
    assert clean.shape == (longest // FRAME, VALUES)
    # Which stretch it is was drawn; at the stretch's own start the maps agree.
    assert min(np.abs(texture_maps(pack[3][s : s + longest]) - clean).mean() for s in starts[:: len(starts) - 1]) < 0.5
    degraded = draws.crop(3, 1, int(draws.frames[3]), rng)
    assert degraded.shape == clean.shape
    longer = draws.crop(3, 0, 200, rng)
    assert longer.shape == (200, VALUES)


def test_pairs_alternate_and_share_their_draw(config):
    from pathlib import Path

    pack = pack_clips(read_clips(config), config["cache"])
    batches = DrawnBatches(make_draws(pack, config, Path(config["cache"]), 1), PairSampler(pack.clips), config)
    maps, fake = batches.draw(np.random.default_rng(0))
    assert maps.shape[0] == 8
    assert maps.shape[2] == VALUES
    assert 25 <= maps.shape[1] <= 50
    assert fake.tolist() == [0, 1] * 4


def test_it_trains(trained):
    lines = [json.loads(line) for line in (trained / "log.jsonl").read_text().splitlines()]
    assert min(line["eer"] for line in lines if "eer" in line) < 30


def test_what_is_exported_scores_as_the_network(config, trained, tmp_path, voices):
    card = export_detector(config, trained, tmp_path / "texture-test")
    detector = Runtime(load_card(tmp_path / "texture-test"))
    assert card.sha256 == detector.card.sha256
    network = TextureDetector(width=16, hidden=8, window=50, hop=25)
    load_checkpoint(trained / "best.safetensors", network)
    samples = voices["ben"].samples[16_000:56_000]
    with torch.no_grad():
        expected = network.eval()(torch.from_numpy(texture_maps(samples))[None])[0].numpy()
    np.testing.assert_allclose(detector.raw_scores(samples)[1][: len(expected)], expected, atol=0.05)
    real = voices["dora"].samples[: 3 * 16_000]
    assert detector.raw_scores(flat(real))[1].mean() > detector.raw_scores(real)[1].mean()


def test_windows_are_told_apart():
    torch.manual_seed(0)
    network = TextureDetector(width=8, hidden=8, window=50, hop=25).eval()
    maps = torch.randn(2, 100, VALUES).abs()
    whole = network(maps)
    assert whole.shape == (2, 3)
    # The first window does not hear what lies behind it (but for the two frames beside it).
    changed = maps.clone()
    changed[:, 60:] = 3.0
    torch.testing.assert_close(network(changed)[:, 0], whole[:, 0])
    assert not torch.allclose(network(changed)[:, 2], whole[:, 2])


def test_the_size_is_what_its_card_says():
    assert sum(p.numel() for p in TextureDetector().parameters()) <= 300_000
