"""`voxproof dataset export`: a manifest for other people's tools."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from voxproof.cli.options import JsonOption
from voxproof.cli.stdout import print_json

EXPORT_EXAMPLE = "Example: voxproof dataset export data/clones --to huggingface -o data/clones-hf"


class Format(StrEnum):
    """What can be written."""

    lhotse = "lhotse"
    huggingface = "huggingface"


def export(
    manifest: Annotated[Path, typer.Argument(help="A manifest (.tsv, .parquet), or the folder of a set.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="For lhotse a file, cuts.jsonl.gz say; else a new folder.")],
    to: Annotated[Format, typer.Option("--to", help="Cuts of lhotse, or a folder of Hugging Face's datasets.")],
    as_json: JsonOption = False,
) -> None:
    """Write a manifest as lhotse's cuts, or with its sounds as a folder that Hugging Face's datasets open."""
    from voxproof.datasets.export import export_set

    done = export_set(manifest, out, to.value)
    if as_json:
        print_json(done.facts())
    else:
        print(done)
