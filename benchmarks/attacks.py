"""Attacks on a detector: what re-recording, codecs, other tempo, gradients and the like leave of it.

python benchmarks/attacks.py --corpus ../shared/speech --out benchmarks/results/attacks.md
python benchmarks/attacks.py --corpus ../shared/speech --limit 40      # a look
"""

import argparse
from pathlib import Path

from voxproof.cli.attacking import attack_detector
from voxproof.detection import DEFAULT_DETECTOR
from voxproof.evaluation.report import command_line
from voxproof.evaluation.tasks import progress_bar


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--corpus", type=Path, required=True, help="detector corpus, with manifest.tsv")
    cli.add_argument("--model", default=DEFAULT_DETECTOR)
    cli.add_argument("--limit", type=int, help="only so many clips of dev, evenly spread")
    cli.add_argument("--resamples", type=int, default=1000)
    cli.add_argument("--out", type=Path, help="Markdown here, JSON beside it")
    args = cli.parse_args()
    with progress_bar() as advance:
        report = attack_detector(
            args.corpus,
            args.model,
            limit=args.limit,
            resamples=args.resamples,
            advance=advance,
            command=command_line("python benchmarks/attacks.py"),
        )
    if args.out:
        report.save(args.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
