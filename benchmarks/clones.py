"""Clones and conversions of the frozen bank.

    python benchmarks/clones.py --lengths 5,10,30,all --jobs 2

prints the tables and writes them to benchmarks/results/clones.md (and .json); conversions go to conversions.md.
"""

import argparse
from pathlib import Path

from voxproof.evaluation.bank import load_bank
from voxproof.evaluation.clone_report import clone_report
from voxproof.evaluation.conversions import conversion_report
from voxproof.evaluation.report import command_line
from voxproof.evaluation.tasks import progress_bar

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure clones and conversions on the frozen bank.")
    parser.add_argument("--bank", type=Path, help="folder of the bank; ../shared/bench if not given")
    parser.add_argument("--lengths", default="10", help="seconds of reference: some of 5,10,30,all")
    parser.add_argument("--limit", type=int, help="only the first so many speakers")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--out", type=Path, default=RESULTS / "clones.md")
    parser.add_argument("--what", choices=["clones", "conversions", "both"], default="both")
    given = parser.parse_args()
    bank = load_bank(given.bank)
    command = command_line("python benchmarks/clones.py")
    with progress_bar() as advance:
        if given.what != "conversions":
            report = clone_report(
                bank,
                lengths=given.lengths.split(","),
                limit=given.limit,
                jobs=given.jobs,
                command=command,
                advance=advance,
            )
            report.save(given.out)
            print(report.markdown())
        if given.what != "clones":
            report = conversion_report(bank, limit=given.limit, jobs=given.jobs, command=command, advance=advance)
            report.save(given.out.with_name("conversions.md"))
            print(report.markdown())


if __name__ == "__main__":
    main()
