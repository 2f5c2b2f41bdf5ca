"""`voxproof demo`: clone a voice, convert another, catch both, and show it on a page."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxproof.cli.options import JsonOption
from voxproof.cli.stderr import notes
from voxproof.cli.stdout import print_json

if TYPE_CHECKING:
    from voxproof.cli.demo.making import Demo

app = typer.Typer(add_completion=False)

TEXT = "You are listening to a copy. I never said this sentence: a computer learned my voice from seconds of speech."


@app.command(epilog="Example: voxproof demo --voice me.wav --text 'It is really me. Or is it?'")
def demo(
    out: Annotated[
        Path, typer.Option("-o", "--out", "--output", metavar="FOLDER", help="Where to put everything.")
    ] = Path("demo-output"),
    voice: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A recording to clone; one that Voxproof brings by default.")
    ] = None,
    text: Annotated[str, typer.Option(help="What the clone says.")] = TEXT,
    as_json: JsonOption = False,
) -> None:
    """Clone a real voice, convert a recording to it, and let the detector judge all of them.

    Writes the recordings, a picture, and a page (index.html) to listen and look; needs no network.
    """
    from voxproof.cli.demo.making import make_demo

    with notes() as told:
        made = make_demo(out, voice, text)
    if as_json:
        print_json({**made.as_dict(), "notes": told})
    else:
        _print(made)


def _print(made: "Demo") -> None:
    rows = [("recording", "what it is", "verdict", "by its sound alone", "watermark")]
    for clip in made.clips:
        likely = f"{100 * clip.verdict.probability:.0f} % synthetic"
        rows.append((clip.path.name, clip.title, clip.verdict.label, likely, clip.mark or "none"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
    print(f"\nEverything is in {made.folder}; the picture is {made.picture}")
    print(f"To listen and look, open {made.page}")
