"""Copy-synthesis of the frozen bank by vocoders.

    python benchmarks/vocoder.py pulsar griffinlim

prints the table and writes it to benchmarks/results/vocoder.md (and .json).
"""

import argparse
from pathlib import Path

from voxproof.evaluation.bank import load_bank
from voxproof.evaluation.report import command_line
from voxproof.evaluation.tasks import progress_bar
from voxproof.evaluation.vocoder import FLOOR, vocoder_report
from voxproof.speakers import JUDGE
from voxproof.vocoders import DEFAULT

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure vocoders by copy-synthesis on the frozen bank.")
    parser.add_argument("names", nargs="*", default=[DEFAULT, FLOOR])
    parser.add_argument("--bank", type=Path, help="folder of the bank; ../shared/bench if not given")
    parser.add_argument("--limit", type=int, help="only the first so many speakers")
    parser.add_argument("--judge", default=JUDGE, help="the speaker encoder that judges similarity")
    parser.add_argument("--out", type=Path, default=RESULTS / "vocoder.md")
    given = parser.parse_args()
    with progress_bar() as advance:
        report = vocoder_report(
            given.names,
            load_bank(given.bank),
            limit=given.limit,
            judge_name=given.judge,
            command=command_line("python benchmarks/vocoder.py"),
            advance=advance,
        )
    report.save(given.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
