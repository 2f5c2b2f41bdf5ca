"""`voxproof serve`: the HTTP API and the pages."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from voxproof.cli.options import JsonOption
from voxproof.cli.stderr import say
from voxproof.cli.stdout import print_json
from voxproof.cores import cores, share_cores
from voxproof.errors import VoxproofError

app = typer.Typer(add_completion=False)

_TOKEN = "VOXPROOF_TOKEN"  # an argument could be seen by everybody on the computer
_NEEDED = ("fastapi", "uvicorn", "multipart", "websockets", "prometheus_client")


@app.command(epilog="Example: voxproof serve --port 8000")
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for the whole network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Requests at once; one a core by default.")] = None,
    waiting: Annotated[int, typer.Option(min=0, help="Requests that may wait; more get 429.")] = 16,
    jobs: Annotated[int, typer.Option(min=0, help="Jobs that may wait or run.")] = 8,
    seconds: Annotated[float, typer.Option(min=1.0, help="The longest that one request may take.")] = 120.0,
    upload: Annotated[int, typer.Option(min=1, max=256, metavar="MIB", help="The largest upload.")] = 64,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="FEATURE", help="detections, speech or conversions (again for more); all by default."),
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help=f"The token to ask for; or in ${_TOKEN}.")
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A further name by which the server is called.")
    ] = None,
    origin: Annotated[
        list[str] | None, typer.Option(metavar="URL", help="A web page on another host that may use it (CORS).")
    ] = None,
    folder: Annotated[Path | None, typer.Option(help="Where temporary files go.")] = None,
    pages: Annotated[bool, typer.Option(help="Pages for a browser, where the extra 'web' is installed.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Pages for a browser, and an HTTP API in the form of OpenAI's where it has one, with its schema at /openapi.json.

    Prints the address once connections are taken; the log, a JSON object a line, goes to stderr. Ctrl-C ends it.
    Needs the extra 'serve', and for the pages 'web': pip install 'voxproof[web]'.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise VoxproofError(f"the server needs {' and '.join(missing)}: pip install 'voxproof[serve]'")
    from voxproof.server.running import run
    from voxproof.server.settings import FEATURES, LOOPBACK, Settings
    from voxproof.web.mounting import installed, mount

    unknown = set(only or ()) - FEATURES
    if unknown:
        raise VoxproofError(f"there is no feature {min(unknown)!r}; there are {', '.join(sorted(FEATURES))}")
    if folder is not None and not os.access(folder, os.W_OK | os.X_OK):
        raise VoxproofError(
            f"temporary files cannot be written to {folder}: there is no such folder, or it is read-only"
        )
    token = _token(token_file)
    local = host in LOOPBACK or host == "::1"
    if not local and token is None:
        say(f"note: whoever reaches {host} may use this server; set a token in ${_TOKEN} or with --token-file")
    if pages and not installed():
        say("note: there are no pages, only the API: pip install 'voxproof[web]'")
    with_pages = pages and installed()
    at_once = workers or cores()
    share_cores(at_once)
    settings = Settings(
        workers=at_once,
        waiting=waiting,
        jobs=jobs,
        time_limit=seconds,
        upload_bytes=upload << 20,
        token=token,
        hosts=(*LOOPBACK, *(allow_host or ())) if local or allow_host else (),
        origins=tuple(origin or ()),
        features=frozenset(only or FEATURES),  # type: ignore[arg-type]
        folder=folder,
    )

    def tell(address: str) -> None:
        if as_json:
            facts = {"url": address, "features": sorted(settings.features), "pages": with_pages}
            print_json(facts, indent=None)
        else:
            where = f"open it in a browser; the API's schema is at {address}/openapi.json"
            print(f"{address}: {where if with_pages else where.partition('; ')[2]}", flush=True)

    run(settings, host, port, tell, mount if with_pages else None)


def _token(file: Path | None) -> str | None:
    if file is None:
        return os.environ.get(_TOKEN) or None
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise VoxproofError(f"the token cannot be read from {file}: {problem}") from None
    if not token:
        raise VoxproofError(f"the token in {file} is empty")
    return token
