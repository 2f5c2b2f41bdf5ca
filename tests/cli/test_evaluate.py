import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from voxproof.cli.evaluate import app
from voxproof.errors import CorpusError, VoxproofError

COMMANDS = ("clones", "conversions", "vocoder", "encoder", "detector")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_json(command: str) -> None:
    found = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"})
    assert found.exit_code == 0
    plain = re.sub(r"\x1b\[[0-9;]*m", "", found.stdout)
    assert f"Example: voxproof evaluate {command}" in plain
    assert "--json" in plain


@pytest.mark.parametrize("command", ["clones", "conversions", "vocoder", "encoder"])
def test_a_missing_bank_is_one_line(command: str, tmp_path: Path) -> None:
    found = CliRunner().invoke(app, [command, "--bank", str(tmp_path)])
    assert isinstance(found.exception, CorpusError)
    assert "--bank" in str(found.exception)
    assert "\n" not in str(found.exception)


def test_a_page_that_cannot_be_written_is_told_first(tmp_path: Path) -> None:
    """Before the bank is even looked for."""
    page = tmp_path / "missing" / "page.html"
    found = CliRunner().invoke(app, ["clones", "--bank", str(tmp_path), "--html", str(page)])
    assert isinstance(found.exception, VoxproofError)
    assert "there is no folder" in str(found.exception)
    assert list(tmp_path.iterdir()) == []
