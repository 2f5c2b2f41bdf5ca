"""`voxproof train`: refusals; training itself is tested in tests/training."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("recipe", "mentions"),
    [("nothing", "vocoder"), ("empty.yaml", "no recipe"), ("other.yaml", "no trainer 'other'")],
)
def test_no_recipe(recipe: str, mentions: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if recipe == "other.yaml" and find_spec("torch") is None:
        pytest.skip("needs torch")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.yaml").write_text("batch: 3\n")
    (tmp_path / "other.yaml").write_text("recipe: other\n")
    done = run("train", recipe)
    assert done.code == 2
    assert mentions in done.refusal
    assert not (tmp_path / "runs").exists()
