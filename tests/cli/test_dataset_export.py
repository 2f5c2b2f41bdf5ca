"""`voxproof dataset export` from the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from voxproof.corpora import Row, write_manifest

Run = Callable[..., Any]


def test_both_forms(run: Run, tmp_path: Path, voice_path) -> None:
    rows = [Row(str(voice_path(name)), id=name, licence="CC-BY-4.0") for name in ("anna", "ben")]
    write_manifest(tmp_path / "manifest.tsv", rows)
    done = run("dataset", "export", tmp_path, "--to", "lhotse", "-o", tmp_path / "cuts.jsonl.gz", "--json")
    assert done.code == 0
    assert json.loads(done.out)["rows"] == 2
    done = run("dataset", "export", tmp_path / "manifest.tsv", "--to", "huggingface", "-o", tmp_path / "set")
    assert done.code == 0
    assert "2 clips" in done.out
    assert len(list((tmp_path / "set").rglob("*.flac"))) == 2


def test_what_is_wrong_is_one_line(run: Run, tmp_path: Path) -> None:
    write_manifest(tmp_path / "manifest.tsv", [Row("none.wav")])
    done = run("dataset", "export", tmp_path, "--to", "huggingface", "-o", tmp_path / "set")
    assert done.code == 2
    assert "none.wav: there is no such file" in done.refusal
    assert run("dataset", "export", tmp_path, "--to", "kaldi", "-o", tmp_path / "set").code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.tsv"]
