"""`voxproof serve`: the HTTP API."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from voxproof.cli.options import JsonOption
from voxproof.cli.stderr import say
from voxproof.cli.stdout import print_json
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
    as_json: JsonOption = False,
) -> None:
    """Answer over HTTP, in the form of OpenAI's API where it has one. The schema is at /openapi.json.

    Prints the address once connections are taken; the log, a JSON object a line, goes to stderr. Ctrl-C ends it.
    Needs the extra: pip install 'voxproof[serve]'.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise VoxproofError(f"the server needs {' and '.join(missing)}: pip install 'voxproof[serve]'")
    from voxproof.cli.judging import THREADS, cores
    from voxproof.server.running import run
    from voxproof.server.settings import FEATURES, LOOPBACK, Settings

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
    at_once = workers or cores()
    os.environ.setdefault(THREADS, str(max(1, cores() // at_once)))  # they share the cores
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
            print_json({"url": address, "features": sorted(settings.features)}, indent=None)
        else:
            print(f"{address}: listening; the schema is at {address}/openapi.json", flush=True)

    run(settings, host, port, tell)


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
