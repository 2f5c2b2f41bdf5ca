"""Embeddings of a manifest's clips, as the recipes read them."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from voxproof import paths
from voxproof.audio import read_audio
from voxproof.errors import CorpusError, ModelError
from voxproof.speakers import load_encoder
from voxproof.training.embed import embed

TINY = Path(__file__).parent.parent / "speakers" / "tiny-encoder"


@pytest.fixture
def manifest(tmp_path, monkeypatch, voice_path):
    monkeypatch.setenv("VOXPROOF_HOME", str(tmp_path / "home"))
    shutil.copytree(TINY, paths.user_models() / "tiny-encoder")
    load_encoder.cache_clear()
    for name in ("anna", "ben"):
        shutil.copy(voice_path(name), tmp_path)
    (tmp_path / "broken.flac").write_bytes(b"no sound")
    file = tmp_path / "manifest.tsv"
    file.write_text("path\tspeaker\nanna.flac\t1\nbroken.flac\t2\nben.flac\t3\n", encoding="utf-8")
    return file


def test_every_clip_that_can_be_read_gets_its_embedding(manifest, tmp_path, capsys):
    assert embed(manifest, tmp_path / "out.npz", "tiny-encoder") == 2
    assert "broken.flac" in capsys.readouterr().err
    with np.load(tmp_path / "out.npz", allow_pickle=False) as arrays:
        assert arrays["path"].tolist() == ["anna.flac", "ben.flac"]
        expected = load_encoder("tiny-encoder").embed(read_audio(tmp_path / "ben.flac"))
        assert np.allclose(arrays["embedding"][1], expected)


def test_what_cannot_be_embedded_is_told_in_one_line(manifest, tmp_path):
    with pytest.raises(CorpusError, match="no manifest"):
        embed(tmp_path / "none.tsv", tmp_path / "out.npz", "tiny-encoder")
    with pytest.raises(ModelError, match="no model is called"):
        embed(manifest, tmp_path / "out.npz", "nobody")
    manifest.write_text("path\tspeaker\nbroken.flac\t2\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="none of its 1 clips"):
        embed(manifest, tmp_path / "out.npz", "tiny-encoder")
    manifest.write_text("file\nanna.flac\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="column 'path'"):
        embed(manifest, tmp_path / "out.npz", "tiny-encoder")
    assert not (tmp_path / "out.npz").exists()


def test_as_a_command(manifest, tmp_path):
    command = [sys.executable, "-m", "voxproof.training.embed", manifest, tmp_path / "out.npz"]
    done = subprocess.run([*command, "--encoder", "tiny-encoder"], capture_output=True, text=True, check=True)
    assert done.stdout == f"2 clips, {tmp_path / 'out.npz'}\n"
    failed = subprocess.run([*command, "--encoder", "nobody"], capture_output=True, text=True, check=False)
    assert failed.returncode == 3
    assert failed.stderr.count("\n") == 1
