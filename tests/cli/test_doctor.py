"""`voxproof doctor`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_it_finds_what_is_here(run: Run) -> None:
    done = run("doctor", "--json")
    facts = json.loads(done.out)
    found = {(finding["area"], finding["name"]): finding for finding in facts["findings"]}
    for here in ("Python", "voxproof"):
        assert found["system", here]["state"] == "ok"
    for here in ("ONNX Runtime", "espeak-ng", "speech finder"):
        assert found["runtime", here]["state"] == "ok"
    for model in ("cantor", "detector-fast", "ppg", "pulsar", "voice-encoder"):
        assert found["models", model]["state"] == "ok", found["models", model]
    assert facts["healthy"]
    assert done.code == 0
    assert all(finding["advice"] for finding in facts["findings"] if finding["state"] != "ok")


def test_text_says_how_to_get_what_is_missing(run: Run, own_folders: Path) -> None:
    folder = own_folders / "home" / "models" / "own-detector"
    folder.mkdir(parents=True)
    (folder / "card.yaml").write_text(
        "name: own-detector\nkind: detector\nengine: spectral\nsummary: Somebody's own.\nlicence: MIT\n"
        f"files: [{{name: model.onnx, sha256: {'ab' * 32}, size: 7}}]\n"
    )
    done = run("doctor")
    line = next(line for line in done.out.splitlines() if "own-detector" in line)
    assert line.lstrip().startswith("!!")
    assert "model.onnx is not here" in line
    assert "->" in line
    assert str(folder) in line
    assert done.code == 3
    assert "marked !!" in done.out.splitlines()[-1]


def test_a_broken_card_is_noted(run: Run, own_folders: Path) -> None:
    folder = own_folders / "home" / "models" / "broken"
    folder.mkdir(parents=True)
    (folder / "card.yaml").write_text("name: broken\nkind: [\n")
    done = run("models", "list", "--kind", "vocoder")
    assert done.code == 0
    assert done.err.startswith("voxproof: note: ")
    assert str(folder / "card.yaml") in done.err
    assert done.err.count("\n") == 1


def test_folders_that_cannot_be_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("VOXPROOF_CACHE", str(tmp_path / "file" / "cache"))
    done = run("doctor", "--json")
    problems = [finding for finding in json.loads(done.out)["findings"] if finding["area"] == "folders"]
    assert [finding["state"] for finding in problems] == ["ok", "problem"]
    assert "VOXPROOF_CACHE" in problems[1]["advice"]
    assert done.code >= 2


def test_a_wrong_number_of_threads(process: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXPROOF_THREADS", "many")
    done = process("doctor")  # a process of its own: sessions that are open already do not ask again
    assert done.code == 2  # 3 is for a model that is missing
    assert "unset VOXPROOF_THREADS" in done.out
