"""`voxproof enroll`: a voice from recordings, kept under a name."""

from typing import Annotated

import typer

from voxproof.cli.options import ConsentOption, JsonOption
from voxproof.cli.stderr import note, notes, progress
from voxproof.cli.stdout import print_json
from voxproof.errors import VoxproofError

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: voxproof enroll me.wav --name me --consent 'my own voice'")
def enroll(
    references: Annotated[list[str], typer.Argument(metavar="REF...", help="Recordings of one person who speaks.")],
    name: Annotated[str, typer.Option("--name", help="What the voice is called from now on.")],
    consent: ConsentOption = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a voice of that name.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Keep somebody's voice under a name, for `--voice NAME`. Ten seconds of speech are enough."""
    from voxproof.api import enroll as listen
    from voxproof.speakers import save_voice, voice_path

    if voice_path(name).exists() and not replace:
        raise VoxproofError(f"there is a voice called {name!r} already: choose another name, or give --replace")
    with notes() as told:
        with progress("listening", None):
            voice = listen(*references, name=name, consent=consent)
        path = save_voice(voice, replace_old=replace)
        for said in voice.notes:
            note(told, said)
        if voice.consent is None:
            note(told, "nobody's consent is recorded; say who agreed to what with --consent")
    if as_json:
        from voxproof.cli.voices import facts_of

        print_json(facts_of(voice, path))
        return
    pitch = f", pitch {voice.f0:.0f} Hz" if voice.f0 else ""
    print(f"{name}: {voice.seconds:.1f} s of speech{pitch}; use it with --voice {_quoted(name)}")


def _quoted(name: str) -> str:
    from shlex import quote

    return quote(name)
