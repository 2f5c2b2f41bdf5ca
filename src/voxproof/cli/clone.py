"""`voxproof clone`: a text in somebody's voice."""

import time
from pathlib import Path
from typing import Annotated

import typer

from voxproof.cli.making import check_target, report, write
from voxproof.cli.options import AudioOutOption, ConsentOption, JsonOption, SeedOption, VoiceOption, only_or_all
from voxproof.cli.stderr import notes, progress
from voxproof.cli.texts import text_of

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: voxproof clone 'Hello there.' --voice me.wav -o hello.wav --consent 'my own voice'")
def clone(
    voice: VoiceOption,
    out: AudioOutOption,
    text: Annotated[str | None, typer.Argument(help="What to say; - takes it from standard input.")] = None,
    file: Annotated[Path | None, typer.Option("-f", "--file", help="A text file (UTF-8) to say.")] = None,
    engine: Annotated[str, typer.Option(help="The cloner.")] = "native",
    seed: SeedOption = 0,
    speed: Annotated[float, typer.Option(help="A factor on the rate of speech, 0.5 to 2.")] = 1.0,
    consent: ConsentOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say a text of any length in somebody's voice.

    The sound is marked and gets a manifest (FILE.json) that says what it is; without them nothing is written.
    """
    words = text_of(text, file)
    check_target(out, voice)
    # Late imports: `voxproof clone --help` and what is refused above must not wait for them.
    from voxproof.api import clone as make
    from voxproof.text import sentences

    started = time.perf_counter()
    with notes() as told:
        with progress("speaking", len(sentences(words))) as show:

            def spoken(count: int, seconds: float) -> None:
                nonlocal started
                if count == 0:
                    started = time.perf_counter()
                show(count, f"sentence {count}, {seconds:.0f} s")

            audio = make(
                words,
                only_or_all(voice),
                engine=engine,
                seed=seed,
                speed=speed,
                consent=consent,
                progress=spoken,
            )
        elapsed = time.perf_counter() - started
        write(out, audio)
        report(out, audio, elapsed, told, as_json)
