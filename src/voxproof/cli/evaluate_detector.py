"""`voxproof evaluate detector`: a detector on the development clips of the detector corpus."""

from pathlib import Path
from typing import Annotated

import typer

_EXAMPLE = "Example: voxproof evaluate detector ../shared/speech -o benchmarks/detector.md"


def evaluate_detector_command(
    corpus: Annotated[Path, typer.Argument(help="Folder with manifest.tsv: path, label, split, page, generator, ...")],
    model: Annotated[str | None, typer.Option(help="A detector's name, or the path of its card.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write Markdown here and JSON beside it.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=2, help="Only so many clips, evenly spread: a look, no figure.")
    ] = None,
    resamples: Annotated[int, typer.Option(min=100, help="Of the bootstrap behind the intervals.")] = 1000,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure EER, AUC, minDCF, Cllr and verdicts, with intervals over pages, by family of generators."""
    # Late imports: `voxproof --help` must not wait for them.
    from voxproof.detection import DEFAULT_DETECTOR, load_detector
    from voxproof.evaluation.detector_protocol import evaluate_detector
    from voxproof.evaluation.report import command_line
    from voxproof.evaluation.tasks import progress_bar

    detector = load_detector(model or DEFAULT_DETECTOR)
    with progress_bar() as advance:
        report = evaluate_detector(
            corpus, detector, advance=advance, resamples=resamples, limit=limit, command=command_line("voxproof")
        )
    if out is not None:
        report.save(out)
    print(report.json() if as_json else report.markdown())
