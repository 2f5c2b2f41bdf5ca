"""`voxproof convert`: a recording, said again in somebody else's voice."""

import time
from typing import Annotated

import typer

from voxproof.cli.making import check_target, report, write
from voxproof.cli.options import AudioOutOption, ConsentOption, JsonOption, SeedOption, VoiceOption, only_or_all
from voxproof.cli.stderr import notes, progress

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: voxproof convert somebody.wav --voice me.wav -o moved.wav")
def convert(
    source: Annotated[str, typer.Argument(help="The recording whose words are said again.")],
    voice: VoiceOption,
    out: AudioOutOption,
    engine: Annotated[str, typer.Option(help="The converter.")] = "ppg",
    seed: SeedOption = 0,
    consent: ConsentOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say a recording again in somebody else's voice; timing and melody stay.

    The sound is marked and gets a manifest (FILE.json) that says what it is; without them nothing is written.
    """
    check_target(out, [source, *voice])
    from voxproof.api import convert as make

    with notes() as told:
        with progress("converting", None):
            started = time.perf_counter()
            audio = make(source, only_or_all(voice), engine=engine, seed=seed, consent=consent)
            elapsed = time.perf_counter() - started
        write(out, audio)
        report(out, audio, elapsed, told, as_json)
