"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ConsentOption = Annotated[
    str | None, typer.Option("--consent", metavar="NOTE", help="Who agreed to what; kept in the manifest.")
]
VoiceOption = Annotated[
    list[str],
    typer.Option(
        "--voice",
        metavar="REF",
        help="A recording of the voice (again for more of them), the name of an enrolled one, or a .voice file.",
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="The same seed gives the same sound.")]
ExecutorOption = Annotated[
    str, typer.Option("--executor", metavar="local|ray", help="Who does the work: this computer, or a Ray cluster.")
]
AddressOption = Annotated[
    str | None,
    typer.Option(
        "--address",
        metavar="ADDRESS",
        help="Of the Ray cluster: local (one of this computer alone), auto, HOST:PORT, ray://HOST:PORT.",
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", min=1, max=4096, help="Processes at once, 1 by default; or actors, one a core."),
]
RateOption = Annotated[
    int | None,
    typer.Option("--rate", metavar="HZ", help="24000, with what lies above 8 kHz made from what lies below; or 16000."),
]
AudioOutOption = Annotated[
    Path, typer.Option("-o", "--out", metavar="FILE", help="Where to write: .wav, .flac, .mp3, .ogg or .opus.")
]


def only_or_all(references: list[str]) -> str | list[str]:
    """One reference by itself (it may be a name), several as the recordings of one voice."""
    return references[0] if len(references) == 1 else references
