"""`voxproof dataset`: a set of fakes and its card."""

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
