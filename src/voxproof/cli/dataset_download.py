"""`voxproof dataset download`: a corpus from its owners."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from voxproof.cli.options import JsonOption
from voxproof.cli.stderr import progress, say
from voxproof.cli.stdout import print_json

DOWNLOAD_EXAMPLE = "Example: voxproof dataset download librispeech -o data/librispeech --part dev-clean"


def download(
    corpus: Annotated[str, typer.Argument(help="Its name: voxproof dataset corpora lists them.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FOLDER", help="Where it goes; what is begun goes on.")],
    part: Annotated[list[str] | None, typer.Option(help="Only this part of it (again for more).")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the archives once they are unpacked.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Fetch and unpack a corpus that its owners let everybody fetch; says the licence under which they do.

    A download that was broken off goes on with the same command, and is checked by its hash before it is unpacked.
    """
    from voxproof.corpora import corpora
    from voxproof.corpora import download as downloaded

    known = corpora.get(corpus)
    if known.archives:
        say(f"{known.title}: its licence is {known.licence}, see {known.home}")
    with progress("downloading", None) as show:
        done = downloaded(
            corpus,
            out,
            part or (),
            keep=keep,
            told=lambda name, have, total: show(have, f"{name}: {have >> 20:,} of {total >> 20:,} MiB"),
        )
    if as_json:
        print_json(asdict(done))
    else:
        print(done)
