"""`voxproof dataset`: corpora to manifests, sets for training made from them, and their data card."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxproof.cli.dataset_build import BUILD_EXAMPLE, MERGE_EXAMPLE, build, merge
from voxproof.cli.dataset_download import DOWNLOAD_EXAMPLE, download
from voxproof.cli.dataset_export import EXPORT_EXAMPLE, export
from voxproof.cli.dataset_features import FEATURES_EXAMPLE, features
from voxproof.cli.options import JsonOption, SeedOption
from voxproof.cli.stderr import notes
from voxproof.cli.stdout import print_json, print_table

if TYPE_CHECKING:
    from voxproof.corpora import Corpus

app = typer.Typer(no_args_is_help=True, help="Prepare corpora, build labelled sets of them, write data cards.")

_FAKES = "Example: voxproof dataset fakes data/transcribed data/many -o data/own-fakes --clips 900 --fakes 2400"
_CARD = "Example: voxproof dataset card data/detector-clips data/own-fakes data/many -o docs/data/detector.md"
_CORPORA = "Example: voxproof dataset corpora --json"
_PREPARE = "Example: voxproof dataset prepare timit /data/TIMIT -o timit.tsv"
_REFINE = "Example: voxproof dataset refine plan.yaml -o data/refined --workers 2"

app.command("build", epilog=BUILD_EXAMPLE)(build)
app.command("merge", epilog=MERGE_EXAMPLE)(merge)
app.command("features", epilog=FEATURES_EXAMPLE)(features)
app.command("export", epilog=EXPORT_EXAMPLE)(export)
app.command("download", epilog=DOWNLOAD_EXAMPLE)(download)


@app.command("corpora", epilog=_CORPORA)
def list_corpora(as_json: JsonOption = False) -> None:
    """List the corpora that `prepare` knows, with their sizes and licences."""
    from rich.table import Table

    from voxproof.corpora import corpora

    facts = [{"name": name, **_facts(corpora.get(name))} for name in sorted(corpora.names())]
    if as_json:
        print_json(facts)
        return
    table = Table("name", "what it is", "label", "hours", "speakers", "languages", "licence", box=None, pad_edge=False)
    for one in facts:
        hours, speakers = (f"{one[key]:,.4g}" if one[key] else "" for key in ("hours", "speakers"))
        table.add_row(one["name"], one["title"], one["labels"], hours, speakers, one["languages"], one["licence"])
    print_table(table)


@app.command("prepare", epilog=_PREPARE)
def prepare(
    corpus: Annotated[str, typer.Argument(help="Its name: voxproof dataset corpora lists them.")],
    folder: Annotated[Path, typer.Argument(help="Where it lies, as its owners publish it.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="The manifest: .tsv or .parquet.")],
    again: Annotated[bool, typer.Option("--again", help="Even if it was prepared before.")] = False,
    headers: Annotated[bool, typer.Option(help="Look into every file for its length and sampling rate.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Write the manifest of a corpus: one row a clip, with speaker, text, label, split, length and licence."""
    from dataclasses import asdict

    from voxproof.corpora import prepare as prepared

    found = prepared(corpus, folder, out, again=again, headers=headers, told=_counting())
    if as_json:
        print_json(asdict(found))
        return
    print(found)
    if found.problems:
        print(f"what was wrong stands in {out.with_name(f'{out.stem}.problems.tsv')}", file=sys.stderr)


def _facts(corpus: "type[Corpus]") -> dict[str, Any]:
    keys = ("title", "labels", "hours", "speakers", "languages", "licence", "home", "how")
    return {key: getattr(corpus, key) for key in keys} | {"parts": [one.part for one in corpus.archives]}


def _counting() -> Callable[[int], None] | None:
    """A line on the terminal that counts rows; nothing where there is no terminal."""
    if not sys.stderr.isatty():
        return None
    return lambda count: print(f"\r{count:,} rows", end="", file=sys.stderr, flush=True)


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


@app.command("refine", epilog=_REFINE)
def refine(
    plan: Annotated[Path, typer.Argument(help="YAML with manifest, seed and steps; docs/datasets.md tells of them.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the set; one that is begun goes on.")],
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes at once.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Cut, join, filter, level, balance, split and draw the rows of manifests, by a plan of steps."""
    from voxproof.datasets.refine import refine as refined
    from voxproof.evaluation.tasks import progress_bar

    with notes() as told, progress_bar() as advance:
        done = refined(plan, out, workers=workers, advance=advance)
    if as_json:
        print_json(done.facts() | {"notes": told})
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
