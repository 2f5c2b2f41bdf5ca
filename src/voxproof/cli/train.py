"""`voxproof train`: a model, by a recipe."""

from pathlib import Path
from typing import Annotated

import typer

from voxproof.cli.options import JsonOption
from voxproof.cli.stdout import print_json

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: voxproof train vocoder --minutes 60, and later: voxproof train vocoder --resume")
def train(
    recipe: Annotated[str, typer.Argument(help="A YAML file, or the name of a recipe that the package brings.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint in the run's folder.")] = False,
    minutes: Annotated[
        float | None, typer.Option(min=0.0, help="Stop after so many; as the recipe says by default.")
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="The run's folder; runs/RECIPE by default.")] = None,
    threads: Annotated[int, typer.Option(min=1, help="Of torch.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Train a model by a recipe. Needs torch: pip install 'voxproof[train]'."""
    from voxproof.training.recipe import train as run

    folder = run(recipe, minutes=minutes, resume=resume, folder=out, threads=threads)
    if as_json:
        print_json({"folder": str(folder)})
    else:
        print(f"{folder}: the run and its checkpoint")
