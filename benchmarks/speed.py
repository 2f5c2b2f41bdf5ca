"""Time and memory of clone, convert and detect, each in a process of its own.

    python benchmarks/speed.py examples/voices/anna.flac

prints the table and writes it to benchmarks/results/speed.md (and .json). Run it on an idle machine.
"""

import argparse
from pathlib import Path

from voxproof.evaluation.clone_report import cost_table
from voxproof.evaluation.cost import measure_cost
from voxproof.evaluation.report import Report, command_line

RESULTS = Path(__file__).parent / "results"
VOICE = Path(__file__).parent.parent / "examples" / "voices" / "anna.flac"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what clone, convert and detect cost.")
    parser.add_argument("clip", nargs="?", type=Path, default=VOICE, help="a recording of speech")
    parser.add_argument("--tasks", default="clone,convert,detect")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=RESULTS / "speed.md")
    given = parser.parse_args()
    costs = [measure_cost(task, given.clip, threads=given.threads) for task in given.tasks.split(",")]
    report = Report(
        "Speed and memory",
        [cost_table(costs)],
        {one.task: one for one in costs},
        {"Clip": given.clip.name},
        command_line("python benchmarks/speed.py"),
    )
    report.save(given.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
