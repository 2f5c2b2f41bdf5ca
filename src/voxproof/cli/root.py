"""The commands of `voxproof`: their names, where they live, and one line of help each."""

from typing import Annotated

import typer

from voxproof import __version__
from voxproof.cli.lazy import Lazy, LazyGroup

_HERE = "voxproof.cli"


class _Commands(LazyGroup):
    table = {  # noqa: RUF012
        "demo": Lazy(f"{_HERE}.demo", "Clone a bundled voice, catch the clone, and show both on a page."),
        "clone": Lazy(f"{_HERE}.clone", "Say a text in somebody's voice."),
        "convert": Lazy(f"{_HERE}.convert", "Say a recording again in somebody else's voice."),
        "detect": Lazy(f"{_HERE}.detect", "Tell whether recordings are real or made by a machine."),
        "enroll": Lazy(f"{_HERE}.enroll", "Keep somebody's voice under a name."),
        "voices": Lazy(f"{_HERE}.voices", "List, show, rename, delete and export enrolled voices.", is_group=True),
        "models": Lazy(f"{_HERE}.models", "List, show, download and check models.", is_group=True),
        "serve": Lazy(f"{_HERE}.serve", "Answer over HTTP: speech, conversions, detections, voices, jobs."),
        "doctor": Lazy(f"{_HERE}.doctor", "Say what is installed, what is missing and how to get it."),
        "evaluate": Lazy(
            f"{_HERE}.evaluate",
            "Measure clones, conversions, vocoders, speaker encoders and detectors.",
            is_group=True,
        ),
        "dataset": Lazy(f"{_HERE}.dataset", "Make fakes from real clips, and write data cards.", is_group=True),
        "train": Lazy(f"{_HERE}.train", "Train a model by a recipe."),
    }


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: voxproof demo",
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"voxproof {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def voxproof(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole trace of an error.")] = False,
) -> None:
    """Clone a voice from seconds of speech, and catch the clone: offline, on an ordinary CPU."""
    if context.invoked_subcommand is None:
        print(context.get_help())
