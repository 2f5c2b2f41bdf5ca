"""`voxproof dataset`: corpora, their manifests, a set of fakes and its card."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]
HEADER = "path\tcorpus\tspeaker\tlanguage\ttext\tduration_s\n"


def test_fakes_and_their_card(run: Run, tmp_path: Path, voice_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)  # no bank beside it
    row = f"{voice_path('anna')}\tbundled\tanna\ten\tSome words.\t4.5\n"
    Path("manifest.tsv").write_text(HEADER + row)
    done = run("dataset", "fakes", "manifest.tsv", "-o", "set", "--clips", "1", "--makers", "own-lpc", "--json")
    assert done.code == 0
    facts = json.loads(done.out)
    assert (facts["real"], facts["fake"]) == (1, 3)
    assert len(list(Path("set").rglob("*.flac"))) == 4
    assert run("dataset", "card", "set", "-o", "card.md").code == 0
    assert "| own-lpc-whisper | 0 | 1 |" in Path("card.md").read_text()


def test_no_manifest(run: Run, tmp_path: Path) -> None:
    done = run("dataset", "fakes", tmp_path, "-o", tmp_path / "set")
    assert done.code == 2
    assert "no manifest" in done.refusal


def test_corpora_are_listed(run: Run) -> None:
    done = run("dataset", "corpora", "--json")
    listed = {one["name"]: one for one in json.loads(done.out)}
    assert listed["timit"]["speakers"] == 630
    assert {"folder", "librispeech"} <= set(listed)
    lines = run("dataset", "corpora").out.splitlines()
    assert len(lines) == len(listed) + 1
    assert any(line.startswith("librispeech") and line.endswith("CC-BY-4.0") for line in lines)


def test_a_corpus_is_prepared(run: Run, tmp_path: Path, voice_path) -> None:
    for place in ("real/anna.flac", "fake/anna.flac"):
        (tmp_path / "set" / place).parent.mkdir(parents=True)
        (tmp_path / "set" / place).write_bytes(Path(voice_path("anna")).read_bytes())
    (tmp_path / "set" / "fake" / "broken.wav").write_text("no sound")
    out = tmp_path / "m.tsv"
    done = run("dataset", "prepare", "folder", tmp_path / "set", "-o", out)
    assert done.code == 0
    assert "2 rows" in done.out
    assert "1 fake, 1 real" in done.out
    assert "m.problems.tsv" in done.err
    assert "broken.wav" in (tmp_path / "m.problems.tsv").read_text()
    facts = json.loads(run("dataset", "prepare", "folder", tmp_path / "set", "-o", out, "--json").out)
    assert facts["rows"] == 2
    assert facts["labels"] == {"fake": 1, "real": 1}


def test_what_cannot_be_prepared_is_one_line(run: Run, tmp_path: Path) -> None:
    for arguments, said in (
        (("timid", tmp_path), "no corpus is called 'timid'"),
        (("timit", tmp_path), "TRAIN and TEST"),
        (("timit", tmp_path / "none"), "no such folder"),
    ):
        done = run("dataset", "prepare", *arguments, "-o", tmp_path / "m.tsv")
        assert done.code in (2, 3)
        assert said in done.refusal
    assert list(tmp_path.iterdir()) == []
