"""`voxproof dataset features`: what a model is trained on, computed once."""

from typing import Annotated

import typer

from voxproof.cli.options import AddressOption, ExecutorOption, JsonOption, WorkersOption
from voxproof.cli.stdout import print_json

FEATURES_EXAMPLE = "Example: voxproof dataset features timit.tsv -o data/lfcc --features lfcc --workers 2"


def features(
    manifest: Annotated[str, typer.Argument(help="Which clips: .tsv or .parquet, or a folder with one.")],
    out: Annotated[str, typer.Option("-o", "--out", metavar="FOLDER", help="The shards; a folder begun goes on.")],
    name: Annotated[
        str, typer.Option("--features", metavar="NAME", help="log-mel, embedding, embedding:ENCODER or a front end.")
    ],
    dtype: Annotated[str, typer.Option("--dtype", metavar="float16|float32", help="How numbers are kept.")] = "float16",
    shard_rows: Annotated[int, typer.Option("--shard-rows", min=1, help="Clips a shard.")] = 256,
    workers: WorkersOption = None,
    executor: ExecutorOption = "local",
    address: AddressOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compute features or speaker embeddings of the clips of a manifest, into safetensors shards with an index."""
    from voxproof.datasets.features import extract_features
    from voxproof.evaluation.tasks import progress_bar

    with progress_bar() as advance:
        done = extract_features(
            manifest, out, name, dtype=dtype, shard_rows=shard_rows, workers=workers, executor=executor,
            address=address, advance=advance,
        )  # fmt: skip
    if as_json:
        print_json(done.facts())
    else:
        print(done)
