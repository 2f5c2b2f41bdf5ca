import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from voxproof import paths
from voxproof.cli.models import app
from voxproof.errors import ModelError

TINY = Path(__file__).parent.parent / "speakers" / "tiny-encoder"


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXPROOF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VOXPROOF_CACHE", str(tmp_path / "cache"))
    shutil.copytree(TINY, paths.user_models() / "tiny-encoder")


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))
    if isinstance(result.exception, ModelError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout


def test_list_names_the_packages_and_the_users_models() -> None:
    lines = run("list").splitlines()
    assert lines[0].split()[:3] == ["name", "kind", "size"]
    assert any(line.startswith("ge2e-resemblyzer ") for line in lines)
    assert all("\x1b" not in line for line in lines)
    rows = {row["name"]: row for row in json.loads(run("list", "--json", "--kind", "speaker-encoder"))}
    assert rows["tiny-encoder"]["state"] == "ok"
    assert {row["kind"] for row in rows.values()} == {"speaker-encoder"}
    (paths.user_models() / "tiny-encoder" / "model.onnx").unlink()
    rows = {row["name"]: row for row in json.loads(run("list", "--json"))}
    assert rows["tiny-encoder"]["state"] == "missing model.onnx"


def test_an_unknown_kind_lists_the_kinds() -> None:
    with pytest.raises(ModelError, match=r"kinds are: .*speaker-encoder"):
        run("list", "--kind", "vocodr")


def test_show_prints_the_card() -> None:
    text = run("show", "ge2e-resemblyzer")
    for part in ("Apache-2.0", "pretrained.pt", "17,090,379 bytes", "Resemblyzer", "limit"):
        assert part in text
    card = json.loads(run("show", "tiny-encoder", "--json"))
    assert card["config"] == {"dim": 32, "level": 0.06}
    assert len(card["card_sha256"]) == 64
    with pytest.raises(ModelError, match="no model is called"):
        run("show", "nothing")


def test_pull_says_where_files_are_and_fails_for_those_it_cannot_get() -> None:
    rows = json.loads(run("pull", "tiny-encoder", "--json"))
    assert rows == [
        {"model": "tiny-encoder", "file": "model.onnx", "path": str(paths.user_models() / "tiny-encoder/model.onnx")}
    ]
    (paths.user_models() / "tiny-encoder" / "model.onnx").unlink()
    result = CliRunner().invoke(app, ["pull", "tiny-encoder"])
    assert result.exit_code == 3
    assert "voxproof: model tiny-encoder: model.onnx is missing. To get model.onnx: put it into" in result.stderr


def test_verify_hashes_and_tells_wrong_from_missing() -> None:
    assert run("verify", "tiny-encoder").startswith("ok ")
    model = paths.user_models() / "tiny-encoder" / "model.onnx"
    data = bytearray(model.read_bytes())
    data[-1] ^= 1
    model.write_bytes(data)
    assert json.loads(run("verify", "tiny-encoder", "--json", code=3))[0]["state"] == "wrong"
    run("verify", code=3)
    model.unlink()
    row = json.loads(run("verify", "tiny-encoder", "--json", code=3))[0]
    assert row["state"] == "missing"
    assert "put it into" in row["advice"]


def test_every_command_has_json_and_an_example() -> None:
    for command in ("list", "show", "pull", "verify"):
        text = run(command, "--help")
        assert "--json" in text
        assert "Example: voxproof models" in text
