"""Time and memory of clone, convert and detect, each in a process of its own.

    python benchmarks/speed.py examples/voices/anna.flac

prints the table and writes it to benchmarks/results/speed.md (and .json). Run it on an idle machine.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from voxproof.evaluation.clone_report import cost_table
from voxproof.evaluation.cost import measure_cost
from voxproof.evaluation.report import Report, Table, command_line

RESULTS = Path(__file__).parent / "results"
STARTS = 15
VOICE = Path(__file__).parent.parent / "examples" / "voices" / "anna.flac"


def measure_help() -> tuple[Table, dict[str, float]]:
    """How long a command waits before it does anything: `voxproof --help` beside a Python that does nothing."""
    commands = {"python": [sys.executable, "-c", ""], "voxproof --help": [sys.executable, "-m", "voxproof", "--help"]}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(STARTS):
        for name, command in commands.items():
            begun = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            seconds[name].append(time.perf_counter() - begun)
    figures = {name: median(found) for name, found in seconds.items()}
    return Table(
        "Start of the command line", ["command", "median [s]"], [list(one) for one in figures.items()]
    ), figures


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what clone, convert and detect cost.")
    parser.add_argument("clip", nargs="?", type=Path, default=VOICE, help="a recording of speech")
    parser.add_argument("--tasks", default="clone,convert,detect")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=RESULTS / "speed.md")
    given = parser.parse_args()
    costs = [measure_cost(task, given.clip, threads=given.threads) for task in given.tasks.split(",")]
    start, figures = measure_help()
    report = Report(
        "Speed and memory",
        [cost_table(costs), start],
        {**{one.task: one for one in costs}, "start": figures},
        {"Clip": given.clip.name},
        command_line("python benchmarks/speed.py"),
    )
    report.save(given.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
