"""RESULTS.md and the README's table are what the benchmarks wrote, and nothing else."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

from typer.main import get_command

from voxproof.cli.evaluate import app

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import collect  # noqa: E402


def write(folder, name, figures, page="## Title\n\n- Command: `x`\n\n### Table\n\n| a |\n|---|\n| 1 |\n"):
    (folder / f"{name}.json").write_text(json.dumps({"figures": figures}), encoding="utf-8")
    (folder / f"{name}.md").write_text(page, encoding="utf-8")


def row(folder, start):
    return next(line for line in collect.table(folder).splitlines() if line.startswith(f"| {start}"))


def test_what_was_not_measured_is_said(tmp_path):
    assert collect.table(tmp_path).count("not measured yet") == len(collect.TARGETS)
    assert collect.page(tmp_path).count("Not measured yet.") == len(collect.BENCHMARKS)


def test_figures_are_judged_by_their_bounds(tmp_path):
    wer = {"value": 0.25, "low": 0.2, "high": 0.3}
    likeness = {"value": 0.6, "low": 0.5, "high": 0.7}
    rows = {"10": {"wer": wer, "judge": {"similarity": {"normalised": likeness}}}, "real speech": {"wer": wer}}
    write(tmp_path, "clones", {"rows": rows, "texts": {"short": {"wer": wer}}})
    write(tmp_path, "speed", {"clone": {"rtf": 0.05, "first_audio": 0.09, "peak_memory": 2**31}})
    assert row(tmp_path, "word error rate of clones").endswith("| 0.250 [0.200, 0.300] |  |  |  |")
    assert row(tmp_path, "of these, short texts").endswith(
        "| 0.250 [0.200, 0.300] | <= 0.100 | <= 0.050 | **missed** |"
    )
    assert row(tmp_path, "likeness of clones").endswith("| 0.600 [0.500, 0.700] | >= 0.500 | >= 0.850 | reached |")
    assert row(tmp_path, "word error rate of the same").endswith("| 0.250 [0.200, 0.300] |  |  |  |")
    assert row(tmp_path, "seconds of work").endswith("| 0.050 | <= 0.050 | <= 0.020 | reached |")
    assert row(tmp_path, "first sound").endswith("| 0.09 s | <= 0.20 s | <= 0.10 s | as wanted |")
    assert row(tmp_path, "peak memory of clone").endswith("| 2048 MiB | <= 1024 MiB |  | **missed** |")
    assert "not measured yet" in row(tmp_path, "peak memory of detect")


def test_cells_are_quoted_as_they_stand(tmp_path):
    write(tmp_path, "watermark", {}, "| Opus 16 kbit/s | 99.0 [90.0, 100.0] | x |\n| all | 3 | 0 (0.00 %) | y |\n")
    assert row(tmp_path, "watermark found") == (
        "| watermark found after Opus at 16 kbit/s | 99.0 [90.0, 100.0] % |  |  |  |"
    )
    assert "| 0 (0.00 %) |" in row(tmp_path, "watermark seen")


def test_pages_are_taken_over_one_level_down(tmp_path):
    write(tmp_path, "vocoder", {})
    write(tmp_path, "something-else", {})
    page = collect.page(tmp_path)
    assert "\n## Vocoders\n" in page
    assert "\n### Title\n\n- Command: `x`\n\n#### Table\n" in page
    assert "\n## something-else\n" in page


def test_table_is_put_between_its_marks(tmp_path):
    readme = f"before\n{collect.BEGIN}\nold\n{collect.END}\nafter\n"
    once = collect.with_table(readme, tmp_path)
    assert once.startswith("before\n")
    assert once.endswith("after\n")
    assert "old" not in once
    assert collect.with_table(once, tmp_path) == once


def test_every_benchmark_is_a_command_that_exists():
    for benchmark in collect.BENCHMARKS:
        program, first, second, *_ = [*benchmark.command.split(), ""]
        if program == "python":
            assert find_spec(second) is not None if first == "-m" else (ROOT / first).is_file()
            continue
        assert (program, first) == ("voxproof", "evaluate")
        options = {name for option in get_command(app).commands[second].params for name in option.opts}
        assert {word for word in benchmark.command.split() if word.startswith("-")} <= options
    assert {target.benchmark for target in collect.TARGETS} <= {benchmark.name for benchmark in collect.BENCHMARKS}
