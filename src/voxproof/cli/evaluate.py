"""`voxproof evaluate`: clones, conversions, vocoders, speaker encoders and detectors, measured."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxproof.cli.evaluate_detector import _EXAMPLE, evaluate_detector_command

if TYPE_CHECKING:
    from voxproof.evaluation.report import Report

app = typer.Typer(no_args_is_help=True, help="Measure clones, conversions, vocoders, speaker encoders and detectors.")
app.command("detector", epilog=_EXAMPLE)(evaluate_detector_command)

BankOption = Annotated[
    Path | None, typer.Option("--bank", help="Folder of the frozen bank; $VOXPROOF_BANK or ../shared/bench by default.")
]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, help="Only the first so many speakers: a look, no figure.")
]
OutOption = Annotated[Path | None, typer.Option("-o", "--out", help="Write Markdown here and JSON beside it.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
JobsOption = Annotated[int, typer.Option("--jobs", min=1, help="Processes at once.")]
RunOption = Annotated[Path | None, typer.Option("--run", help="Folder for the clips; a run in it goes on.")]
FreshOption = Annotated[bool, typer.Option("--fresh", help="Make all clips anew.")]
RecogniserOption = Annotated[
    str, typer.Option("--recogniser", help="tiny.en, or any Whisper for CTranslate2: size, folder or hub repository.")
]
JudgeOption = Annotated[str, typer.Option("--judge", help="The speaker encoder that judges similarity.")]


@app.command("clones", epilog="Example: voxproof evaluate clones --lengths 5,10,30,all -o benchmarks/results/clones.md")
def clones(
    engine: Annotated[str, typer.Option("--engine", help="The cloner.")] = "native",
    lengths: Annotated[str, typer.Option("--lengths", help="Seconds of reference: some of 5,10,30,all.")] = "10",
    bank: BankOption = None,
    limit: LimitOption = None,
    jobs: JobsOption = 1,
    run: RunOption = None,
    fresh: FreshOption = False,
    recogniser: RecogniserOption = "tiny.en",
    judge: JudgeOption = "judge",
    encoder: Annotated[str, typer.Option("--encoder", help="The speaker encoder that conditions.")] = "voice-encoder",
    cost: Annotated[bool, typer.Option("--cost/--no-cost", help="Measure time and memory too.")] = True,
    page: Annotated[
        Path | None, typer.Option("--html", help="Write a page too: the tables, and clones to hear and see.")
    ] = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Clone the bank's voices and measure words, similarity, quality and cost, with real speech beside them."""
    from voxproof.evaluation.bank import load_bank
    from voxproof.evaluation.clone_report import clone_report
    from voxproof.evaluation.report import command_line
    from voxproof.evaluation.tasks import progress_bar
    from voxproof.files import check_writable

    if page is not None:
        check_writable(page)
    wanted = [length.strip() for length in lengths.split(",") if length.strip()]
    with progress_bar() as advance:
        report = clone_report(
            load_bank(bank), engine=engine, run=run, lengths=wanted, limit=limit, recogniser=recogniser,
            judge_name=judge, encoder=encoder, jobs=jobs, fresh=fresh, with_cost=cost, page=page,
            command=command_line("voxproof"), advance=advance,
        )  # fmt: skip
    _show(report, out, as_json)


@app.command("conversions", epilog="Example: voxproof evaluate conversions --limit 4")
def conversions(
    engine: Annotated[str, typer.Option("--engine", help="The converter.")] = "ppg",
    bank: BankOption = None,
    limit: LimitOption = None,
    jobs: JobsOption = 1,
    run: RunOption = None,
    fresh: FreshOption = False,
    recogniser: RecogniserOption = "tiny.en",
    judge: JudgeOption = "judge",
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Convert speech between the bank's speakers and measure words, similarity, pitch and quality."""
    from voxproof.evaluation.bank import load_bank
    from voxproof.evaluation.conversions import conversion_report
    from voxproof.evaluation.report import command_line
    from voxproof.evaluation.tasks import progress_bar

    with progress_bar() as advance:
        report = conversion_report(
            load_bank(bank), engine=engine, run=run, limit=limit, recogniser=recogniser, judge_name=judge, jobs=jobs,
            fresh=fresh, command=command_line("voxproof"), advance=advance,
        )  # fmt: skip
    _show(report, out, as_json)


@app.command("vocoder", epilog="Example: voxproof evaluate vocoder pulsar griffinlim --limit 4")
def vocoder(
    names: Annotated[list[str] | None, typer.Argument(help="Vocoders; the native one and Griffin-Lim if none.")] = None,
    bank: BankOption = None,
    limit: LimitOption = None,
    judge: JudgeOption = "judge",
    keep: Annotated[Path | None, typer.Option("--keep", help="Folder to keep the copies in.")] = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the bank's real speech through mel and vocoder: PESQ, similarity, quality and speed."""
    from voxproof.evaluation.bank import load_bank
    from voxproof.evaluation.report import command_line
    from voxproof.evaluation.tasks import progress_bar
    from voxproof.evaluation.vocoder import FLOOR, vocoder_report
    from voxproof.vocoders import DEFAULT

    with progress_bar() as advance:
        report = vocoder_report(
            names or [DEFAULT, FLOOR], load_bank(bank), limit=limit, keep=keep, judge_name=judge,
            command=command_line("voxproof"), advance=advance,
        )  # fmt: skip
    _show(report, out, as_json)


@app.command("encoder", epilog="Example: voxproof evaluate encoder judge voice-encoder --speech ../shared/speech")
def encoder(
    names: Annotated[list[str] | None, typer.Argument(help="Speaker encoders or cards' folders; all if none.")] = None,
    bank: BankOption = None,
    speech: Annotated[Path | None, typer.Option(help="Folder of the detector's speech, for more trials.")] = None,
    limit: LimitOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure how well speaker encoders tell voices apart that they were not trained on."""
    from voxproof.evaluation.bank import load_bank
    from voxproof.evaluation.encoders import encoder_report
    from voxproof.evaluation.report import command_line
    from voxproof.evaluation.tasks import progress_bar
    from voxproof.models import cards

    chosen = names or [card.name for card in cards("speaker-encoder")]
    with progress_bar() as advance:
        report = encoder_report(
            chosen, load_bank(bank), speech, limit=limit, command=command_line("voxproof"), advance=advance
        )
    _show(report, out, as_json)


def _show(report: "Report", out: Path | None, as_json: bool) -> None:
    if out is not None:
        report.save(out)
    print(report.json() if as_json else report.markdown())
