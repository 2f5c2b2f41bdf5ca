"""Synthesizers on the frozen bank, through one vocoder.

    python benchmarks/synthesizers.py cantor runs/fastspeech2 runs/matcha runs/tacotron2
    python benchmarks/synthesizers.py runs/after-30 runs/after-60 cantor --title "Training of Cantor" --no-cost

prints the table and writes it to benchmarks/results/synthesizers.md (and .json). A synthesizer of one's own stands
beside the others by the folder of its card, which every training writes (and voxproof.training.export_cantor).
"""

import argparse
from pathlib import Path

from voxproof.evaluation.bank import load_bank
from voxproof.evaluation.report import command_line
from voxproof.evaluation.synthesizers import synthesizer_report
from voxproof.evaluation.tasks import progress_bar
from voxproof.synthesis.base import DEFAULT
from voxproof.vocoders import DEFAULT as VOCODER

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure synthesizers on the frozen bank.")
    parser.add_argument("names", nargs="*", default=[DEFAULT], help="names or folders of cards, +VOCODER if wanted")
    parser.add_argument("--bank", type=Path, help="folder of the bank; ../shared/bench if not given")
    parser.add_argument("--vocoder", default=VOCODER, help="a vocoder, or the folder of its card")
    parser.add_argument("--limit", type=int, help="only the first so many speakers")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--no-cost", action="store_true", help="do not measure the time that a clone takes")
    parser.add_argument("--title", default="Synthesizers")
    parser.add_argument("--out", type=Path, default=RESULTS / "synthesizers.md")
    given = parser.parse_args()
    with progress_bar() as advance:
        report = synthesizer_report(
            given.names,
            load_bank(given.bank),
            title=given.title,
            vocoder=given.vocoder,
            limit=given.limit,
            jobs=given.jobs,
            with_cost=not given.no_cost,
            command=command_line("python benchmarks/synthesizers.py"),
            advance=advance,
        )
    report.save(given.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
