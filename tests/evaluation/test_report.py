import json
import platform
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from voxproof.errors import VoxproofError
from voxproof.evaluation.bootstrap import Interval
from voxproof.evaluation.report import Machine, Report, Table, command_line, commit

ROWS = [["a|b", Interval(0.5, 0.25, 0.75, 3)], ["c", 0.12345], ["d", None]]
TABLE = Table("Figures", ["name", "value"], ROWS, "Why.")


def test_a_table_is_markdown() -> None:
    assert TABLE.markdown() == (
        "### Figures\n\nWhy.\n\n| name | value |\n|---|---|\n"
        "| a\\|b | 0.500 [0.250, 0.750] |\n| c | 0.123 |\n| d | - |\n"
    )


def test_a_report_says_where_and_when_but_not_on_which_host(tmp_path: Path) -> None:
    report = Report("Title", [TABLE], {"x": Interval(float("nan"), 0, 1, 2), "y": [float("nan"), 2]}, {"Bank": "17"})
    report.save(tmp_path / "results" / "title.md")
    text = (tmp_path / "results" / "title.md").read_text(encoding="utf-8")
    assert re.search(r"^- Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert "- Bank: 17" in text
    assert "Command" not in text  # nothing is said where nothing is known
    assert platform.node() not in text
    known = json.loads((tmp_path / "results" / "title.json").read_text(encoding="utf-8"))
    assert known["figures"] == {"x": {"value": None, "low": 0, "high": 1, "clusters": 2}, "y": [None, 2]}
    assert known["machine"]["cores"] >= 1
    assert platform.node() not in json.dumps(known)


def test_a_report_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "there.md").mkdir()
    with pytest.raises(VoxproofError, match=r"there\.md"):
        Report("Title", [], {}).save(tmp_path / "there.md")


def test_the_machine_and_the_commit_are_named() -> None:
    assert Machine.here().cpu
    assert re.fullmatch(r"[0-9a-f]{7,40}\+?|voxproof \S+", commit())


def test_the_command_can_be_typed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/somewhere/bin/voxproof", "evaluate", "clones", "--run", "a b"])
    assert command_line() == "voxproof evaluate clones --run 'a b'"
    assert command_line("python x.py") == "python x.py evaluate clones --run 'a b'"


def test_arrays_of_intervals_print_nothing_strange() -> None:
    assert f"{Interval(np.float64(1), np.float64(1), np.float64(1), 1):.1f}" == "1.0 [1.0, 1.0]"
