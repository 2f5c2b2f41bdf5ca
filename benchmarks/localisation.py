"""Where the made part of a spliced recording begins and ends: a detector on splices of the clips that judge it.

python benchmarks/localisation.py ../shared/speech --out benchmarks/results/localisation.md
python benchmarks/localisation.py data/detector-clips --split '' --pages vits,styletts2   # to choose constants on
"""

import argparse
from pathlib import Path

from voxproof.detection import DEFAULT_DETECTOR, load_detector
from voxproof.evaluation.detector_protocol import OWN_SET, read_corpus
from voxproof.evaluation.localisation import measure_localisation
from voxproof.evaluation.report import command_line
from voxproof.evaluation.tasks import progress_bar


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("corpus", type=Path, help="folder with manifest.tsv: path, label, page, speaker")
    cli.add_argument("--split", default="dev", help="of the manifest's column split")
    cli.add_argument("--pages", help="only these, with commas between them")
    cli.add_argument("--splices", type=int, default=200)
    cli.add_argument("--model", default=DEFAULT_DETECTOR)
    cli.add_argument("--out", type=Path, help="Markdown here, JSON beside it")
    args = cli.parse_args()
    rows = [
        row
        for row in read_corpus(args.corpus, OWN_SET)
        if row.split == args.split and row.family != "codec" and (not args.pages or row.page in args.pages.split(","))
    ]
    with progress_bar() as advance:
        report = measure_localisation(
            load_detector(args.model),
            rows,
            splices=args.splices,
            command=command_line("python benchmarks/localisation.py"),
            advance=advance,
        )
    if args.out:
        report.save(args.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
