"""Folders, opened by the real `datasets`, without a network."""

import io
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from voxproof.audio import Audio, read_audio, write_audio
from voxproof.audio.stretch import read_stretch
from voxproof.corpora import Row, read_manifest, write_manifest
from voxproof.datasets.export import export_set
from voxproof.datasets.export.huggingface import split_name
from voxproof.errors import CorpusError


@pytest.fixture
def load(tmp_path, monkeypatch):
    """`load_dataset`, whose sound is told and not decoded, which would take torchcodec."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    datasets = pytest.importorskip("datasets")
    if find_spec("torchcodec") is None:  # its encoder is imported, though of paths there is nothing to encode
        encoders = ModuleType("torchcodec.encoders")
        encoders.AudioEncoder = None
        monkeypatch.setitem(sys.modules, "torchcodec", ModuleType("torchcodec"))
        monkeypatch.setitem(sys.modules, "torchcodec.encoders", encoders)

    def read(*arguments, **more):
        found = datasets.load_dataset(*arguments, cache_dir=str(tmp_path / "cache"), **more)
        return {split: one.cast_column("audio", datasets.Audio(decode=False)) for split, one in found.items()}

    return read


def heard(one) -> Audio:
    told = one["audio"]
    return read_audio(io.BytesIO(told["bytes"]) if told["bytes"] else told["path"])


def test_datasets_opens_the_folder(manifest, tmp_path, load) -> None:
    done = export_set(manifest, tmp_path / "set", "huggingface")
    assert (done.rows, str(done)) == (7, f"{tmp_path / 'set'}: 7 clips, 0.00 h")
    found = load(str(tmp_path / "set"))
    assert {split: len(one) for split, one in found.items()} == {"train": 2, "validation": 3, "new_voices": 2}
    rows = list(read_manifest(manifest))
    loaded = [one for split in ("train", "validation", "new_voices") for one in found[split]]
    labels = found["train"].features["label"]
    assert labels.names == ["real", "fake"]
    for one, row in zip(loaded, rows, strict=True):
        assert (one["speaker"], one["text"], one["generator"], one["language"]) == (
            row.speaker, row.text, row.generator, "en"
        )  # fmt: skip
        assert one["label"] == (labels.str2int(row.label) if row.label else None)
        assert one["original_sample_rate"] == row.original_sample_rate
        assert json.loads(one["extra"]) == dict(row.extra)
        file = manifest.parent / row.path
        ours = read_stretch(file, row.start_s, row.end_s) if row.start_s or row.end_s else read_audio(file)
        sound = heard(one)
        assert sound.rate == ours.rate
        assert one["duration_s"] == pytest.approx(ours.duration)
        np.testing.assert_allclose(sound.samples, ours.samples, atol=1e-4)


def test_audiofolder_opens_it_too(manifest, tmp_path, load) -> None:
    """Which knows splits by the names of folders alone."""
    export_set(manifest, tmp_path / "set", "huggingface")
    found = load("audiofolder", data_dir=str(tmp_path / "set"))
    assert {"train", "validation"} <= set(found)
    assert [one["label"] for one in found["train"]] == [0, 1]
    assert [one["id"] for one in found["validation"]] == ["c", "d", "e"]


def test_whole_files_are_the_same_files_and_stretches_are_cut(manifest, tmp_path) -> None:
    export_set(manifest, tmp_path / "set", "huggingface")
    train = tmp_path / "set" / "train" / "00000"
    assert (train / "00000000.flac").stat().st_ino == (manifest.parent / "clips" / "anna.flac").stat().st_ino
    assert (train / "00000001.mp3").is_file()
    assert (tmp_path / "set" / "validation" / "00000" / "00000000.flac").is_file()
    assert sorted(path.name for path in (tmp_path / "set").iterdir()) == [
        "README.md", "new_voices", "train", "validation",
    ]  # fmt: skip
    export_set(manifest, tmp_path / "again", "huggingface")
    texts = [(tmp_path / name / "train" / "metadata.parquet").read_bytes() for name in ("set", "again")]
    assert texts[0] == texts[1]


def test_the_card_counts(manifest, tmp_path) -> None:
    from huggingface_hub import DatasetCard

    export_set(manifest, tmp_path / "set", "huggingface")
    card = DatasetCard.load(tmp_path / "set" / "README.md")
    assert (card.data.license, card.data.language) == ("cc-by-4.0", ["en"])
    assert "| validation | 2 | 0 | 1 | 0.00 |" in card.text
    assert "- native: 1 clips" in card.text
    for several, told in ((["CC-BY-4.0", "CC0-1.0"], "several"), (["by its owner"], "by its owner")):
        rows = [row._replace(licence=several[n % len(several)]) for n, row in enumerate(read_manifest(manifest))]
        write_manifest(manifest.with_name("other.tsv"), rows)
        out = tmp_path / told.replace(" ", "-")
        export_set(manifest.with_name("other.tsv"), out, "huggingface")
        data = DatasetCard.load(out / "README.md").data
        assert (data.license, data.license_name) == ("other", told)


def test_what_is_there_stays(manifest, tmp_path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "mine").write_text("x")
    with pytest.raises(CorpusError, match="something is there already"):
        export_set(manifest, tmp_path / "set", "huggingface")
    assert [path.name for path in (tmp_path / "set").iterdir()] == ["mine"]
    rest = tmp_path / ".killed-export"
    rest.mkdir()
    (rest / "half.flac").write_text("x")
    export_set(manifest, tmp_path / "killed", "huggingface")
    assert not rest.exists()
    assert not list((tmp_path / "killed").rglob("half.flac"))


def test_splits_as_datasets_calls_them() -> None:
    told = {
        "": "train",
        "train": "train",
        "dev": "validation",
        "eval": "test",
        "Test Other": "test_other",
        "é": "other",
    }
    assert {split: split_name(split) for split in told} == told


def test_a_stretch_of_a_long_recording(voices, tmp_path: Path) -> None:
    samples = np.tile(voices["anna"].samples, 80)[: 640 * 16_000]
    write_audio(tmp_path / "party.flac", Audio(samples, 16_000))
    write_manifest(tmp_path / "m.tsv", [Row("party.flac", start_s=630.0, end_s=631.0)])
    export_set(tmp_path / "m.tsv", tmp_path / "set", "huggingface")
    found = read_audio(tmp_path / "set" / "train" / "00000" / "00000000.flac")
    np.testing.assert_allclose(found.samples, samples[630 * 16_000 : 631 * 16_000], atol=1e-4)
