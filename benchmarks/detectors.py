"""All detectors in one table: the same clips, the same rules, the same run.

    python benchmarks/detectors.py --corpus ../shared/speech                       # every detector that has a card
    python benchmarks/detectors.py detector-fast runs/aasist --corpus ../shared/speech

A detector is a card's name or the path of its folder. Clips are decoded once. The scores of each detector are kept in a
table by the hash of its card (`--keep`), written every 50 clips: a run that was stopped goes on, and a detector that
did not change is not run again.
"""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from voxproof import paths
from voxproof.audio import Audio, read_audio
from voxproof.detection import Detector, load_detector
from voxproof.errors import ModelError
from voxproof.evaluation.detector_alarms import alarms_of
from voxproof.evaluation.detector_evaluation import speed
from voxproof.evaluation.detector_figures import CLUSTERS, figures_of, mean_eer, shortened, worst_eer
from voxproof.evaluation.detector_groups import ALL, COUNTS, by_generator, sets_of
from voxproof.evaluation.detector_overlap import check_disjoint
from voxproof.evaluation.detector_protocol import Row, read_corpus
from voxproof.evaluation.detector_scores import Scored, read_scores, score_corpus, write_scores
from voxproof.evaluation.report import Report, Table, command_line
from voxproof.evaluation.tasks import progress_bar
from voxproof.models import Card, cards, file_path, load_card

RESULTS = Path(__file__).parent / "results"
AT_ONCE = 50  # clips between two writings of the kept scores
HEAD = [
    "detector",
    "parameters",
    "EER that counts",
    "EER, all dev",
    "mean of a generator",
    "worst generator",
    "Cllr",
    "actDCF/minDCF",
    "EER, 0.5 s",
    "real called fake",
    "s of CPU a second",
]


@cache
def decoded(path: Path) -> Audio:
    """A clip, decoded once for all detectors."""
    return read_audio(path)


def parameters(card: Card) -> int:
    """Numbers that were learned: those in the graphs of a card and of its partners."""
    partners = card.config.get("partners", ()) if card.folder else ()
    total = sum(parameters(load_card(Path(str(card.folder)) / one["folder"])) for one in partners)
    for file in card.files:
        if file.name.endswith(".onnx"):
            graph = onnx.load(file_path(card, file.name)).graph
            total += sum(int(np.prod(tensor.dims)) for tensor in graph.initializer)
            total += sum(len(attribute.floats) for node in graph.node for attribute in node.attribute)
    return total


def scores_of(detector: Detector, dev: Sequence[Row], kept: Path) -> list[Scored]:
    """The scores of a detector: those that were kept, if it is still the same, and new ones of all other clips."""
    scored = read_scores(kept, dev) if kept.is_file() else []
    known = {one.row.name for one in scored}
    left = [row for row in dev if row.name not in known]
    kept.parent.mkdir(parents=True, exist_ok=True)
    with progress_bar() as advance:
        for first in range(0, len(left), AT_ONCE):
            part = left[first : first + AT_ONCE]
            for row in part:  # before the clock runs
                decoded(row.path)
            more, unread = score_corpus(part, detector, read=decoded)
            for problem in unread:
                print(problem, file=sys.stderr)
            scored += more
            write_scores(kept, scored)
            advance(detector.name, min(first + AT_ONCE, len(left)), len(left))
    return scored


def compared(detector: Detector, scored: list[Scored], rows: Sequence[Row], resamples: int) -> tuple[list[object], Any]:
    """The row of the table, and its figures for JSON."""
    sets = sets_of(scored, rows)
    counts, every = figures_of(sets[COUNTS], resamples), figures_of(sets[ALL], resamples)
    half = figures_of(shortened(sets[COUNTS], 0.5), resamples)
    if counts is None or every is None:
        sys.exit("the clips lack one of the classes: give a greater --limit")
    generators = by_generator(sets[COUNTS])
    mean, worst = mean_eer(generators), worst_eer(generators)
    alarms = alarms_of(scored)[1].get("all", {}).get("fake")
    size, cost = parameters(detector.card), speed(scored)["detector_rtf"]
    row: list[object] = [detector.name, f"{size:,}", counts["eer"], f"{every['eer']:.3f}", mean]
    row += [f"{worst[1]:.3f} ({worst[0]})" if worst else None, counts["cllr"], counts["dcf_ratio"]]
    row += [half["eer"] if half else None, alarms, f"{cost:.4f}"]
    figures = {
        "card": detector.card.sha256,
        "parameters": size,
        COUNTS: counts,
        ALL: every,
        "generators": {"mean": mean, "worst": worst[1] if worst else None, "worst_name": worst[0] if worst else None},
        "0.5 s": half,
        "alarms": alarms,
        "detector_rtf": cost,
    }
    return row, figures


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("detectors", nargs="*", help="names or folders of cards; all detectors if none")
    cli.add_argument("--corpus", type=Path, required=True)
    cli.add_argument(
        "--keep", type=Path, default=paths.cache() / "evaluation" / "detectors", help="folder of kept scores"
    )
    cli.add_argument("--resamples", type=int, default=1000)
    cli.add_argument("--limit", type=int, help="only so many clips, evenly spread: a look, no figure")
    cli.add_argument("--out", type=Path, default=RESULTS / "detectors.md", help="Markdown here, JSON beside it")
    args = cli.parse_args()
    rows = read_corpus(args.corpus)
    overlap = check_disjoint(rows)
    dev = [row for row in rows if row.split == "dev"]
    if args.limit is not None and args.limit < len(dev):
        dev = [dev[place] for place in np.linspace(0, len(dev) - 1, args.limit).round().astype(int)]
    corpus = hashlib.sha256("\n".join(row.name for row in dev).encode()).hexdigest()[:8]
    table, figures = [], {}
    for name in args.detectors or [card.name for card in cards("detector")]:
        try:
            detector = load_detector(name)
        except ModelError as problem:
            print(f"{name} is left out: {problem}", file=sys.stderr)
            continue
        kept = args.keep / f"{detector.name}-{detector.card.sha256[:12]}-{corpus}.tsv"
        row, figures[detector.name] = compared(detector, scores_of(detector, dev, kept), rows, args.resamples)
        table.append(row)
        print(" | ".join(map(str, row)), file=sys.stderr, flush=True)
    note = (
        "Every detector heard the same clips. The mean and the worst are over generators that count, each against the "
        "real clips of its pages; real called fake is the share of all real clips of dev at the detector's own "
        "thresholds; the processor's time is that of the score alone."
    )
    about = {
        "Intervals": f"95 %, bootstrap {CLUSTERS['generator-speaker']}",
        "Splits": f"pages, recordings and novel generators are apart (checked); {overlap}",
    }
    command = command_line("python benchmarks/detectors.py")
    report = Report("Detectors compared", [Table("Detectors", HEAD, table, note)], figures, about, command)
    report.save(args.out)
    print(report.markdown())


if __name__ == "__main__":
    main()
