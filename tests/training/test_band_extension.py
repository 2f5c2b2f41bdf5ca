"""Wide-band packs, what Halo learns from them, and a training that ends in an engine."""

import csv
import json

import numpy as np
import pytest
import yaml

torch = pytest.importorskip("torch")
pytest.importorskip("numba")
pytest.importorskip("onnx")

from voxproof.audio import write_audio  # noqa: E402
from voxproof.bandwidth_extension import load_extension, spectrum  # noqa: E402
from voxproof.bandwidth_extension.halo import Halo as HaloEngine  # noqa: E402
from voxproof.bandwidth_extension.mean_envelope import MEAN_GAINS  # noqa: E402
from voxproof.errors import CorpusError, ModelError  # noqa: E402
from voxproof.evaluation.band_extension import wideband_clips  # noqa: E402
from voxproof.models import load_card, save_card  # noqa: E402
from voxproof.training.band_extension import example, smoothed  # noqa: E402
from voxproof.training.band_extension_losses import envelope_loss, spectral_loss, synthesise  # noqa: E402
from voxproof.training.pack_wideband import held_out, pack, reach  # noqa: E402
from voxproof.training.recipe import train  # noqa: E402
from voxproof.training.wideband_pack import WidebandPack  # noqa: E402

FRAMES = 120


@pytest.fixture(scope="module")
def wide(voices):
    """The bundled voices, with an upper band of constant gains: what has a right answer."""
    return {name: load_extension("mean-envelope").extended(audio) for name, audio in voices.items()}


@pytest.fixture(scope="module")
def packed(tmp_path_factory, voices, wide):
    folder = tmp_path_factory.mktemp("wideband")
    rows = []
    for name, audio in [*wide.items(), ("narrow", voices["anna"].resampled(24_000))]:
        write_audio(folder / f"{name}.flac", audio)
        rows.append({"path": f"{name}.flac", "speaker": name, "text": "", "corpus": "bundled"})
    with (folder / "manifest.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0], delimiter="\t")
        table.writeheader()
        table.writerows(rows)
    pack(folder / "manifest.tsv", folder / "pack", {"dora"}, None)
    return folder / "pack"


def batch(packed):
    pack = WidebandPack(packed)
    rows = [example(pack, i, 40, FRAMES, 0.5, False) for i in range(len(pack))]
    return [torch.from_numpy(np.stack(part)) for part in zip(*rows, strict=True)]


def test_a_pack_holds_wide_clips_alone_and_none_that_judges(packed):
    pack = WidebandPack(packed)
    judged = wideband_clips(packed / "held-out")
    trained = {row["speaker"] for row in pack.rows}
    assert trained == {"ben", "carl"}  # anna is the first of the few; narrow reaches 8 kHz
    assert {clip.speaker for clip in judged} == {"anna", "dora"}
    assert not any(clip.known for clip in judged)
    assert all(row["reach"] >= 10_000 for row in pack.rows)
    for i, row in enumerate(pack.rows):
        assert len(pack.wide(i, 0, row["steps"])) == row["steps"] * 240
        assert len(pack.narrow(i, 0, row["steps"])) == row["steps"] * 160
    assert np.array_equal(pack.narrow(0, 0, 10, margin=112)[:112], np.zeros(112))


def test_reach_is_where_speech_ends(voices, wide):
    narrow = voices["ben"].resampled(24_000).samples
    assert reach(narrow, 48_000) == 8_000
    assert reach(wide["ben"].samples, 48_000) == 12_000
    assert reach(wide["ben"].samples, 22_050) == pytest.approx(10_066, abs=1)
    hiss = narrow + 0.003 * np.random.default_rng(0).standard_normal(len(narrow)).astype(np.float32)
    assert reach(hiss, 48_000) == 8_000


def test_who_is_held_out():
    rows = [{"speaker": f"s{n}"} for n in range(10) for _ in range(3)] + [{"speaker": "big"}] * 50
    answer = held_out(rows, {"s7"})
    speakers = [row["speaker"] for row in rows]
    assert {s for s, out in zip(speakers, answer, strict=True) if out} == {"s0", "s5", "s7", "big"}
    assert sum(answer[30:]) == 3
    assert all(out for s, out in zip(speakers, answer, strict=True) if s in ("s0", "s5", "s7"))


def test_the_right_gains_cost_next_to_nothing(packed):
    """Input and target are of one moment, and the losses see it when gains are right."""
    _, mirror, envelope, waveform = batch(packed)
    far = torch.full((len(mirror),), 12_000.0)
    losses = {}
    for name, shift in (("right", 0.0), ("wrong", 1.0)):
        gains = (torch.tensor(MEAN_GAINS) + shift).expand(*mirror.shape[:2], spectrum.HIGH_BANDS)
        made = smoothed(mirror * torch.exp(gains @ torch.from_numpy(spectrum.spread())))
        losses[name] = (
            float(envelope_loss(made, envelope, far)),
            float(spectral_loss(synthesise(mirror, gains), waveform, far)),
        )
    assert losses["right"][0] < 0.15
    assert losses["wrong"][0] > 0.7
    assert losses["right"][1] < losses["wrong"][1] - 0.4


def test_bands_beyond_reach_cost_nothing(packed):
    _, _, envelope, waveform = batch(packed)
    short = torch.full((len(envelope),), 10_000.0)
    wrong = envelope.clone()
    wrong[..., 8:] += 5.0
    assert float(envelope_loss(wrong, envelope, short)) == 0
    assert float(spectral_loss(waveform, waveform, short)) == 0


def test_torch_and_numpy_agree(packed):
    _, mirror, _, _ = batch(packed)
    gains = torch.randn(len(mirror), FRAMES, spectrum.HIGH_BANDS)
    made = synthesise(mirror, gains)
    for i in range(len(mirror)):
        shaped = spectrum.shaped(mirror[i].numpy(), gains[i].numpy())
        assert np.abs(spectrum.overlapped(shaped) - made[i].numpy()).max() < 1e-4
        assert np.abs(spectrum.log_envelope(mirror[i].numpy()) - smoothed(mirror[i : i + 1])[0].numpy()).max() < 1e-3


def test_training_resumes_and_its_graph_is_an_engine(packed, tmp_path, capsys, speech):
    config = {"recipe": "band_extension", "packs": [str(packed)], "batch": 2, "frames": FRAMES, "spectral": 0.3}
    file = tmp_path / "band-extension.yaml"
    file.write_text(yaml.safe_dump(config | {"network": {"channels": 16, "hidden": 32}}), encoding="utf-8")
    folder = train(str(file), minutes=0.02, resume=False, folder=tmp_path / "run", threads=1)
    before = (folder / "checkpoint.safetensors").stat().st_mtime_ns
    train(str(file), minutes=0.05, resume=True, folder=tmp_path / "run", threads=1)
    assert (folder / "checkpoint.safetensors").stat().st_mtime_ns > before
    for line in capsys.readouterr().out.splitlines():
        if line.startswith("{"):
            assert np.isfinite(json.loads(line)["envelope"])
    engine = HaloEngine(load_card(folder))
    assert (engine.context, engine.parameters > 0) == (6, True)
    samples = speech.samples[:20_000]
    pieces = engine.stream(np.array_split(samples, 7))
    assert np.array_equal(np.concatenate(list(pieces)), engine.extend(samples))


def test_a_graph_that_is_none_is_one_line(packed, tmp_path):
    card = load_card("pulsar")
    with pytest.raises(ModelError, match="'gains' of 16 bands"):
        HaloEngine(card)
    save_card(load_card("halo").model_copy(update={"config": {}}), tmp_path)
    (tmp_path / "model.onnx").write_bytes((load_card("halo").folder / "model.onnx").read_bytes())
    with pytest.raises(ModelError, match=r"config\.context"):
        HaloEngine(load_card(tmp_path))


def test_no_pack_is_one_line(tmp_path):
    with pytest.raises(CorpusError, match="pack_wideband"):
        WidebandPack(tmp_path)
    (tmp_path / "index.json").write_text("[]", encoding="utf-8")
    with pytest.raises(CorpusError, match="empty"):
        WidebandPack(tmp_path)
