"""Features of a manifest on disk: the same bytes however they are made, resumed shard by shard, and read again."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voxproof.audio import Audio, write_audio
from voxproof.cli import main
from voxproof.corpora import Row, read_manifest, write_manifest
from voxproof.datasets.features import extract_features, load
from voxproof.detection.front_ends import front_end
from voxproof.errors import CorpusError, ModelError
from voxproof.features import log_mel

RATE = 16_000


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory, voices: dict[str, Audio]) -> Path:
    """Five stretches of three bundled voices, and a file that is no sound as number 3."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = []
    for name in ("anna", "ben", "carl"):
        write_audio(folder / f"{name}.flac", voices[name])
        rows += [Row(f"{name}.flac", speaker=name, id=f"{name}{n}", start_s=2.0 * n, end_s=2.0 * n + 2) for n in (0, 1)]
    (folder / "no.flac").write_bytes(b"no sound")
    rows[3] = Row("no.flac", speaker="ben", id="no")
    write_manifest(folder / "manifest.tsv", rows)
    return folder / "manifest.tsv"


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_arrays_are_those_of_the_features(manifest: Path, tmp_path: Path, voices: dict[str, Audio]) -> None:
    done = extract_features(manifest, tmp_path / "mel", "log-mel", dtype="float32", shard_rows=4)
    assert (done.rows, done.failed, done.shards, done.made) == (5, 1, 2, 2)
    features = load(tmp_path / "mel")
    assert list(features) == [f"00000000{number}" for number in (0, 1, 2, 4, 5)]
    assert (len(features), "000000003" in features) == (5, False)
    row, values = features.rows["000000005"], features["000000005"]
    assert (row.speaker, row.id, Path(row.path).name) == ("carl", "carl1", "carl.flac")
    assert (row.extra["shard"], row.extra["shape"]) == ("00001", "80x161")
    np.testing.assert_array_equal(values, log_mel(voices["carl"].samples[2 * RATE : 4 * RATE]))
    failed = next(read_manifest(tmp_path / "mel" / "failed.tsv"))
    assert (failed.id, failed.extra["key"]) == ("no", "000000003")
    assert "no.flac" in failed.extra["error"]
    with pytest.raises(KeyError):
        features["000000003"]


def test_half_the_bytes_hold_nearly_the_same(manifest: Path, tmp_path: Path, voices: dict[str, Audio]) -> None:
    extract_features(manifest, tmp_path / "lfcc", "lfcc")
    found = load(tmp_path / "lfcc")["000000000"]
    assert found.dtype == np.float16
    np.testing.assert_allclose(found, front_end("lfcc")(voices["anna"].samples[: 2 * RATE]), atol=0.02)


def test_two_processes_and_a_run_that_was_stopped_make_the_same_bytes(manifest: Path, tmp_path: Path) -> None:
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    extract_features(manifest, whole, "embedding", shard_rows=2)
    extract_features(manifest, stopped, "embedding", shard_rows=2, workers=2)
    assert content(stopped) == content(whole)
    (stopped / "rows" / "00001.tsv").unlink()  # its arrays are there, but nobody was told: killed in between
    (stopped / "shards" / "00001.safetensors").write_bytes(b"half")
    (stopped / "index.tsv").unlink()
    with pytest.raises(CorpusError, match="not all features are there"):
        load(stopped)
    assert extract_features(manifest, stopped, "embedding", shard_rows=2).made == 1
    assert content(stopped) == content(whole)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"features": "mfcc13"}, r"no features 'mfcc13'; there are log-mel, embedding, .*lfcc.* and embedding:ENCODER"),
        ({"features": "log-mel", "dtype": "float8"}, "no dtype 'float8'; there are float16 and float32"),
        ({"features": "log-mel", "shard_rows": 3}, "begun with another features and shard_rows; name another folder"),
    ],
)
def test_what_cannot_be_done_is_told(manifest: Path, tmp_path: Path, given: dict[str, Any], said: str) -> None:
    if "shard_rows" in given:
        extract_features(manifest, tmp_path / "out", "lfcc")
    with pytest.raises(CorpusError, match=said):
        extract_features(manifest, tmp_path / "out", **given)


def test_an_encoder_that_is_missing_and_a_folder_of_something_else(manifest: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nobody"):
        extract_features(manifest, tmp_path / "out", "embedding:nobody")
    (tmp_path / "letter.txt").write_text("Dear all")
    with pytest.raises(CorpusError, match="it holds something else than features"):
        extract_features(manifest, tmp_path, "lfcc")
    with pytest.raises(CorpusError, match="no features are kept there"):
        load(tmp_path)


def test_the_command(manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "out")
    assert main(["dataset", "features", str(manifest), "-o", out, "--features", "classical"]) == 0
    assert capsys.readouterr().out == f"{out}: classical of 5 rows in 1 shard, 1 failed (failed.tsv says why)\n"
