"""16 to 24 kHz on held-out wide-band speech.

    python benchmarks/band_extension.py data/wideband/pack/held-out

prints the tables and writes them to benchmarks/results/band_extension.md (and .json). The folder is what
`python -m voxproof.training.pack_wideband` held out.
"""

import argparse
from pathlib import Path

from voxproof.bandwidth_extension import DEFAULT
from voxproof.evaluation.band_extension import extension_report, wideband_clips
from voxproof.evaluation.report import command_line
from voxproof.evaluation.tasks import progress_bar
from voxproof.vocoders import DEFAULT as VOCODER

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure bandwidth extensions on held-out wide-band speech.")
    parser.add_argument("clips", type=Path, help="the folder held-out of a wide-band pack")
    parser.add_argument("--names", nargs="*", default=[DEFAULT])
    parser.add_argument("--vocoder", default=VOCODER, help="whose copies of the clips are extended too")
    parser.add_argument("--most", type=int, help="at most so many clips of a speaker")
    parser.add_argument("--out", type=Path, default=RESULTS / "band_extension.md")
    given = parser.parse_args()
    with progress_bar() as advance:
        report = extension_report(
            given.names,
            wideband_clips(given.clips, most=given.most),
            vocoder=given.vocoder,
            command=command_line("python benchmarks/band_extension.py"),
            advance=advance,
        )
    report.save(given.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
