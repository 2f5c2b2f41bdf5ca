"""`voxproof dataset build` and `merge`, as they will be registered."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from voxproof.cli.dataset_build import build, merge
from voxproof.errors import CorpusError

Write = Callable[..., Path]


@pytest.fixture
def app() -> typer.Typer:
    found = typer.Typer()
    found.command("build")(build)
    found.command("merge")(merge)
    return found


def call(app: typer.Typer, *arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    if isinstance(done.exception, Exception) and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def test_a_set_is_built(app: typer.Typer, plan: Write, tmp_path: Path) -> None:
    given, out = plan(make=["null"], keep_sources=False), tmp_path / "set"
    code, said, _ = call(app, "build", given, "-o", out, "--json")
    facts = json.loads(said)
    assert code == 0
    assert (facts["rows"], facts["failed"], facts["missing"]) == (4, 0, 0)
    assert facts["run"]["made"] == 4
    assert facts["folder"] == str(out)
    code, said, _ = call(app, "build", given, "-o", out, "--workers", "2", "--retry-failed", "--progress")
    assert (code, said.splitlines()[0]) == (0, "nothing was left to make")
    assert said.splitlines()[1] == f"{out}: 4 rows"


def test_shards_are_merged(app: typer.Typer, plan: Write, tmp_path: Path) -> None:
    given = plan(make=["null"], keep_sources=False)
    assert call(app, "build", given, "-o", tmp_path / "two", "--shard", "2/2")[0] == 0
    code, said, wrong = call(app, "merge", tmp_path / "two")
    assert code == 1
    assert "0 rows, 4 missing (units 0-3)" in said
    assert "run the shards that have the missing rows" in wrong
    call(app, "build", given, "-o", tmp_path / "one", "--shard", "1/2")
    code, said, _ = call(app, "merge", tmp_path / "two", tmp_path / "one", "-o", tmp_path / "all", "--json")
    assert code == 0
    assert json.loads(said) == {
        "folder": str(tmp_path / "all"), "rows": 4, "failed": 0, "missing": 0, "missing_numbers": "",
    }  # fmt: skip
    assert (tmp_path / "all" / "manifest.tsv").is_file()


def test_what_is_refused(app: typer.Typer, plan: Write, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="the plan cannot be read"):
        call(app, "build", tmp_path / "none.yaml", "-o", tmp_path / "set")
    with pytest.raises(CorpusError, match="no row"):
        call(app, "build", plan(select={"language": "fr"}), "-o", tmp_path / "set")
    assert call(app, "build", plan(), "-o", tmp_path / "set", "--workers", "0")[0] == 2
    assert list(tmp_path.iterdir()) == []
