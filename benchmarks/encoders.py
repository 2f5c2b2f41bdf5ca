"""Speaker encoders on speakers that none of them was trained on.

    python benchmarks/encoders.py --speech ../shared/speech

prints the table and writes it to benchmarks/results/encoders.md (and .json). An encoder of one's own stands beside the
others by the folder of its card:

    python benchmarks/encoders.py judge voice-encoder runs/ge2e --out runs/encoders.md
"""

import argparse
from pathlib import Path

from voxproof.evaluation.bank import load_bank
from voxproof.evaluation.encoders import encoder_report
from voxproof.evaluation.report import command_line
from voxproof.evaluation.tasks import progress_bar
from voxproof.models import cards

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure speaker encoders on held-out speakers.")
    parser.add_argument("names", nargs="*", help="encoders, or folders of cards; all encoders if none is named")
    parser.add_argument("--bank", type=Path, help="folder of the bank; ../shared/bench if not given")
    parser.add_argument("--speech", type=Path, help="folder of the detector's speech, for the second set of trials")
    parser.add_argument("--limit", type=int, help="only the first so many speakers of the bank")
    parser.add_argument("--out", type=Path, default=RESULTS / "encoders.md")
    given = parser.parse_args()
    with progress_bar() as advance:
        report = encoder_report(
            given.names or [card.name for card in cards("speaker-encoder")],
            load_bank(given.bank),
            given.speech,
            limit=given.limit,
            command=command_line("python benchmarks/encoders.py"),
            advance=advance,
        )
    report.save(given.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
