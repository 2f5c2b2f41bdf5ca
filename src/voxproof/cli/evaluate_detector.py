"""`voxproof evaluate detector`: a detector on the development clips of the detector corpus."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from voxproof.errors import VoxproofError

if TYPE_CHECKING:
    from voxproof.evaluation.report import Report
    from voxproof.evaluation.tasks import Advance

_EXAMPLE = "Example: voxproof evaluate detector ../shared/speech -o benchmarks/detector.md"


def evaluate_detector_command(
    corpus: Annotated[
        Path | None, typer.Argument(help="Folder with manifest.tsv: path, label, split, page, generator, ...")
    ] = None,
    model: Annotated[str | None, typer.Option(help="A detector's name, or the path of its card.")] = None,
    scores: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Judge this table (path, score[, fold]) instead of running a detector."),
    ] = None,
    write_scores: Annotated[
        Path | None, typer.Option("--write-scores", metavar="FILE", help="Keep the scores as such a table.")
    ] = None,
    probes: Annotated[
        bool, typer.Option("--probes", help="Not the detector but the corpus: can nuisances alone tell the classes?")
    ] = False,
    mended: Annotated[
        bool,
        typer.Option("--mended", help="On clips without edge silence, offset, level and bits, alone or with --probes."),
    ] = False,
    probes_on: Annotated[
        Path | None, typer.Option("--probes-on", metavar="FOLDER", help="The same of a training set of your own.")
    ] = None,
    alarms: Annotated[
        bool, typer.Option("--alarms", help="How often real speech is called fake, by kind and by condition.")
    ] = False,
    attack: Annotated[
        bool, typer.Option("--attack", help="What re-recording, codecs, gradients and other attacks leave of it.")
    ] = False,
    seen: Annotated[
        bool, typer.Option("--seen", help="With --alarms: also the real speech that is in the training split.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse speakers and texts that are in both splits, too.")
    ] = False,
    clusters: Annotated[
        Literal["generator-speaker", "page"], typer.Option(help="What the intervals are drawn over.")
    ] = "generator-speaker",
    limit: Annotated[
        int | None, typer.Option(min=2, help="Only so many clips, evenly spread: a look, no figure.")
    ] = None,
    resamples: Annotated[int, typer.Option(min=100, help="Of the bootstrap behind the intervals.")] = 1000,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write Markdown here and JSON beside it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure a detector on generators, pages and recordings that it never met, with intervals.

    EER, AUC, DCF, Cllr and the rates at the carried threshold; by generator, family, codec, duration, language and
    gender. Nothing is measured on splits that overlap. With --scores anybody's scores are judged by the same rules.
    """
    # Late imports: `voxproof --help` must not wait for them.
    from voxproof.audio import read_audio
    from voxproof.detection import DEFAULT_DETECTOR, load_detector
    from voxproof.evaluation.detector_evaluation import Options, evaluate_detector, evaluate_scores
    from voxproof.evaluation.detector_mending import read_mended
    from voxproof.evaluation.report import command_line
    from voxproof.evaluation.tasks import progress_bar

    _one_of({"--scores": scores, "--probes": probes, "--probes-on": probes_on, "--alarms": alarms, "--attack": attack})
    if mended and any((scores, probes_on, alarms, attack)):
        raise VoxproofError("--mended goes with --probes or with the detector alone")
    reader = read_mended if mended else read_audio
    command = command_line("voxproof")
    with progress_bar() as advance:
        if probes_on is not None:
            from voxproof.evaluation.detector_probes import probe_set

            report = probe_set(probes_on, advance=advance, resamples=resamples, command=command)
            return _show(report, out, as_json)
        if corpus is None:
            raise VoxproofError("name the folder of the detector corpus (voxproof evaluate detector --help)")
        options = Options(resamples, clusters, strict, command)
        if probes:
            from voxproof.evaluation.detector_probes import probe_corpus

            report = probe_corpus(corpus, advance=advance, resamples=resamples, command=command, read=reader)
        elif scores is not None:
            report = evaluate_scores(corpus, scores, options)
        elif alarms:
            report = _alarms(corpus, model or DEFAULT_DETECTOR, seen, limit, advance, command)
        elif attack:
            from voxproof.cli.attacking import attack_detector

            name = model or DEFAULT_DETECTOR
            report = attack_detector(corpus, name, limit=limit, resamples=resamples, advance=advance, command=command)
        else:
            detector = load_detector(model or DEFAULT_DETECTOR)
            report = evaluate_detector(
                corpus, detector, options, advance=advance, limit=limit, keep=write_scores, read=reader
            )
    _show(report, out, as_json)


def _alarms(corpus: Path, model: str, seen: bool, limit: int | None, advance: "Advance", command: str) -> "Report":
    from voxproof.degradation.conditions import CONDITIONS
    from voxproof.detection import load_detector
    from voxproof.evaluation.detector_alarms import alarm_report

    detector = load_detector(model)
    return alarm_report(corpus, detector, CONDITIONS, seen=seen, limit=limit, advance=advance, command=command)


def _one_of(wanted: dict[str, object]) -> None:
    given = [name for name, value in wanted.items() if value]
    if len(given) > 1:
        raise VoxproofError(f"{' and '.join(given)} are different runs: give one of them")


def _show(report: "Report", out: Path | None, as_json: bool) -> None:
    if out is not None:
        report.save(out)
    print(report.json() if as_json else report.markdown())
