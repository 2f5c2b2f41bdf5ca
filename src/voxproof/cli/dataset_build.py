"""`voxproof dataset build` and `voxproof dataset merge`: labelled sets from manifests, by a plan."""

import sys
from typing import Annotated

import typer

from voxproof.cli.options import AddressOption, ExecutorOption, JsonOption, WorkersOption
from voxproof.cli.stdout import print_json

BUILD_EXAMPLE = "Example: voxproof dataset build plan.yaml -o data/clones --workers 2"
MERGE_EXAMPLE = "Example: voxproof dataset merge shard1 shard2 -o data/clones"
INCOMPLETE = 1


def build(
    plan: Annotated[str, typer.Argument(metavar="PLAN.yaml", help="Which rows, and what is made of each.")],
    out: Annotated[
        str, typer.Option("-o", "--out", metavar="FOLDER", help="The set, here or at s3://; one that is begun goes on.")
    ],
    workers: WorkersOption = None,
    executor: ExecutorOption = "local",
    address: AddressOption = None,
    shard: Annotated[str, typer.Option("--shard", metavar="I/N", help="Only part I of N.")] = "1/1",
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try again what failed before.")] = False,
    progress: Annotated[
        bool, typer.Option("--progress", help="A line every 30 s where stderr is no terminal.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Clone, convert, copy and degrade the rows of manifests into a labelled set; stopped at any moment, it goes on."""
    from voxproof.datasets.build import build_set

    done = build_set(
        plan, out, workers=workers, shard=shard, retry_failed=retry_failed, progress=progress, executor=executor,
        address=address,
    )  # fmt: skip
    if as_json:
        print_json(done.facts())
    else:
        print(done)


def merge(
    folders: Annotated[list[str], typer.Argument(help="Shards of one set, built on different computers.")],
    out: Annotated[
        str | None, typer.Option("-o", "--out", metavar="FOLDER", help="Where to; into the first folder by default.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Put the shards of a set together and write its manifest; leaves with 1 if rows are missing."""
    from voxproof.datasets.build import merge_folders

    merged = merge_folders(folders, out)
    if as_json:
        print_json(merged.facts())
    else:
        print(merged)
    if merged.missing:
        print("run the shards that have the missing rows, then merge again", file=sys.stderr)
        raise typer.Exit(INCOMPLETE)
