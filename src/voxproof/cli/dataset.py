"""`voxproof dataset`: sets for training made from other sets, and their data card."""

from pathlib import Path
from typing import Annotated

import typer

from voxproof.cli.options import JsonOption, SeedOption
from voxproof.cli.stdout import print_json

app = typer.Typer(no_args_is_help=True, help="Make fakes from real clips, and write data cards.")

_FAKES = "Example: voxproof dataset fakes data/transcribed data/many -o data/own-fakes --clips 900 --fakes 2400"
_CARD = "Example: voxproof dataset card data/detector-clips data/own-fakes data/many -o docs/data/detector.md"


@app.command("fakes", epilog=_FAKES)
def fakes(
    manifests: Annotated[list[Path], typer.Argument(help="Real speech: manifest.tsv files, or folders with one.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the set; one that is begun goes on.")],
    makers: Annotated[
        str, typer.Option("--makers", help="Only these, by name or its beginning: own-world,own-lpc. All by default.")
    ] = "",
    clips: Annotated[int, typer.Option("--clips", min=1, help="How many real clips.")] = 900,
    fakes: Annotated[int | None, typer.Option("--fakes", min=1, help="How many fakes; 8 for 3 clips if none.")] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes at once.")] = 1,
    seed: SeedOption = 0,
    bank: Annotated[Path | None, typer.Option("--bank", help="A bank whose speakers must not be used.")] = None,
    judged_on: Annotated[
        Path | None, typer.Option("--judged-on", help="The corpus whose split dev must not be used.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make fakes of real clips by every method of the project, with the real clips beside them in the same coding."""
    from voxproof.datasets.fakes.run import make_set
    from voxproof.evaluation.tasks import progress_bar

    with progress_bar() as advance:
        done = make_set(
            manifests, out, only=makers, clips=clips, fakes=fakes, workers=workers, seed=seed, bank=bank,
            judged_on=judged_on, advance=advance,
        )  # fmt: skip
    if as_json:
        print_json(done.facts())
    else:
        print(done)


@app.command("card", epilog=_CARD)
def card(
    folders: Annotated[list[Path], typer.Argument(help="Folders with manifest.tsv.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write Markdown here.")] = None,
    split: Annotated[str, typer.Option("--split", help="Of manifests that have splits, this one.")] = "train",
    title: Annotated[str, typer.Option("--title", help="Heading of the card.")] = "What the detector learns from",
    as_json: JsonOption = False,
) -> None:
    """Count clips and hours by class, generator, family, corpus, language and licence."""
    from voxproof.datasets.card import data_card
    from voxproof.evaluation.report import command_line

    made = data_card(folders, split=split, title=title, command=command_line("voxproof"))
    if out is not None:
        made.save(out)
    if as_json:
        print_json(made.facts())
    elif out is None:
        print(made.markdown())
    else:
        print(f"{out}: {made.clips:,} clips, {made.hours:.1f} h")
