"""`voxproof dataset refine`: a thin call; what is wrong is one line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]
HEADER = "path\tlabel\tspeaker\ttext\tduration_s\n"
STEPS = """
  - cut: {seconds: 2, shortest: 2}
  - splits: {shares: {train: 0.5, dev: 0.5}, disjoint: speaker}
"""


def write(folder: Path, voice_path: Callable[[str], Path], steps: str = STEPS) -> Path:
    rows = [f"{voice_path(name)}\t{label}\t{name}\t\t\n" for name, label in (("anna", "real"), ("ben", "fake"))]
    (folder / "m.tsv").write_text(HEADER + "".join(rows))
    (folder / "plan.yaml").write_text(f"manifest: m.tsv\nsteps:{steps}")
    return folder / "plan.yaml"


def test_a_plan_is_carried_out(run: Run, tmp_path: Path, voice_path) -> None:
    plan = write(tmp_path, voice_path)
    done = run("dataset", "refine", plan, "-o", tmp_path / "set", "--json")
    assert done.code == 0
    facts = json.loads(done.out)
    assert facts["rows"] == sum(facts["labels"].values()) == len(list((tmp_path / "set").rglob("*.flac"))) > 6
    assert set(facts["splits"]) == {"train", "dev"}
    assert facts["dropped"] == {"1 cut": 2, "2 splits": 0}
    again = run("dataset", "refine", plan, "-o", tmp_path / "set", "--workers", "2")
    assert again.code == 0
    assert again.out.splitlines()[0].startswith(f"{tmp_path / 'set'}: {facts['rows']} rows")
    assert again.out.splitlines()[1].startswith("splits: dev ")


def test_a_warning_is_a_note(run: Run, tmp_path: Path, voice_path) -> None:
    plan = write(tmp_path, voice_path, "\n  - splits: {shares: {train: 0.9, dev: 0.1}, disjoint: speaker}\n")
    done = run("dataset", "refine", plan, "-o", tmp_path / "set", "--json")
    assert done.code == 0
    (note,) = json.loads(done.out)["notes"]
    assert "of 2 groups that have to stay together" in note
    assert done.err == f"voxproof: note: {note}\n"


def test_what_is_wrong_is_one_line(run: Run, tmp_path: Path, voice_path) -> None:
    plan = write(tmp_path, voice_path, "\n  - cut: {seconds: 2, second: 2}\n")
    done = run("dataset", "refine", plan, "-o", tmp_path / "set")
    assert done.code == 2
    assert done.refusal.endswith("step 1 (cut): there is no key 'second'; allowed: seconds, random, shortest")
    assert not (tmp_path / "set").exists()
    assert run("dataset", "refine", tmp_path / "none.yaml", "-o", tmp_path / "set").code == 2
