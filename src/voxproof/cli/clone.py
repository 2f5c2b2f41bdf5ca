"""`voxproof clone`: a text in somebody's voice."""

import time
from pathlib import Path
from typing import Annotated

import typer

from voxproof.cli.making import check_target, report, write
from voxproof.cli.options import (
    AudioOutOption,
    ConsentOption,
    JsonOption,
    RateOption,
    SeedOption,
    VoiceOption,
    only_or_all,
)
from voxproof.cli.stderr import notes, progress
from voxproof.cli.texts import text_of

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: voxproof clone 'Hello there.' --voice me.wav -o hello.wav --consent 'my own voice'")
def clone(
    voice: VoiceOption,
    out: AudioOutOption,
    text: Annotated[str | None, typer.Argument(help="What to say; - takes it from standard input.")] = None,
    file: Annotated[Path | None, typer.Option("-f", "--file", help="A text file (UTF-8) to say.")] = None,
    engine: Annotated[str, typer.Option(help="The cloner; native, or SYNTHESIZER+VOCODER.")] = "native",
    seed: SeedOption = 0,
    speed: Annotated[float, typer.Option(help="A factor on the rate of speech, 0.5 to 2.")] = 1.0,
    pronunciations: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="How words are said, a YAML file: 'SQL: sequel', 'Ng: EH1 NG'."),
    ] = None,
    rate: RateOption = None,
    consent: ConsentOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say a text of any length in somebody's voice.

    A text that begins with <speak is SSML: '<speak>Wait <break time="1s"/> for me.</speak>'. In any text
    {HH AH0 L OW1} is a pronunciation (ARPAbet; IPA stands between {/ and /}).

    The sound is marked and gets a manifest (FILE.json) that says what it is; without them nothing is written.
    """
    words = text_of(text, file)
    check_target(out, voice)
    # Late imports: `voxproof clone --help` and what is refused above must not wait for them.
    from voxproof.api import clone as make
    from voxproof.text import is_ssml, sentences

    started = time.perf_counter()
    with notes() as told:
        with progress("speaking", None if is_ssml(words) else len(sentences(words))) as show:

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
                pronunciations=pronunciations,
                output_rate=rate,
                progress=spoken,
            )
        elapsed = time.perf_counter() - started
        write(out, audio)
        report(out, audio, elapsed, told, as_json)
