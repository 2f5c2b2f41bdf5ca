"""`voxproof models`: what models there are, where their files lie, and whether they are what their cards say."""

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn
from rich.table import Table

from voxproof.cli.stdout import print_table
from voxproof.errors import ModelError
from voxproof.models import BesideSource, Card, FileState, cards, file_path, load_card, verify

app = typer.Typer(no_args_is_help=True, help="List, show, download and check models.")

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Name = Annotated[str, typer.Argument(help="A model's name (voxproof models list), or the path of a card.")]
_Names = Annotated[list[str] | None, typer.Argument(help="Names of models; all of them if none is given.")]


@app.command("list", epilog="Example: voxproof models list --kind speaker-encoder")
def list_models(
    kind: Annotated[str | None, typer.Option(help="Only models of this kind.")] = None, as_json: _Json = False
) -> None:
    """List all models: the package's and your own."""
    found = cards(kind)
    rows = [_summary(card) for card in found]
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    if not rows:
        raise ModelError(
            f"there is no model of kind {kind!r}; kinds are: {', '.join(sorted({c.kind for c in cards()}))}"
        )
    table = Table("name", "kind", "size", "files", "licence", "what it is", box=None, pad_edge=False)
    for row in rows:
        size = f"{row['bytes'] / 1e6:.1f} MB"
        table.add_row(row["name"], row["kind"], size, row["state"], row["licence"], row["summary"])
    print_table(table)


@app.command(epilog="Example: voxproof models show voice-encoder")
def show(name: _Name, as_json: _Json = False) -> None:
    """Show the card of a model: files, sources, licence, training data, figures, limits."""
    card = load_card(name)
    if as_json:
        print(json.dumps({**card.model_dump(mode="json"), "card_sha256": card.sha256}, indent=2, ensure_ascii=False))
        return
    lines = [
        f"{card.name}: {card.summary}",
        f"kind      {card.kind} (engine {card.engine})",
        f"licence   {card.licence}",
    ]
    lines += [f"file      {file.name}, {file.size:,} bytes, SHA-256 {file.sha256}" for file in card.files]
    lines += [f"config    {key}: {value}" for key, value in card.config.items()]
    lines += [f"source    {_source(source.model_dump(exclude_none=True))}" for source in card.sources]
    for data in card.training_data:
        amount = ", ".join(
            f"{count:g} {unit}" for count, unit in ((data.hours, "h"), (data.speakers, "speakers")) if count is not None
        )
        lines.append("data      " + "; ".join(part for part in (data.name, amount, data.licence, data.origin) if part))
    for figure in card.figures:
        value = f"{figure.value:g} {figure.unit}".strip()
        interval = f" [{figure.interval[0]:g}, {figure.interval[1]:g}]" if figure.interval else ""
        note = f" ({figure.note})" if figure.note else ""
        lines.append(f"figure    {figure.name} {value}{interval}{note}: {figure.command}")
    lines += [f"limit     {limit}" for limit in card.limits]
    lines.append(f"card      SHA-256 {card.sha256}")
    print("\n".join(lines))


@app.command(epilog="Example: voxproof models pull ge2e-resemblyzer")
def pull(names: _Names = None, as_json: _Json = False) -> None:
    """Find the files of models, download what a hub has, and check all by SHA-256."""
    rows = []
    problems = []
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        for card in _chosen(names):
            try:
                for file in card.files:
                    path = file_path(card, file.name, progress=_Bar(bars))
                    rows.append({"model": card.name, "file": file.name, "path": str(path)})
            except ModelError as error:
                problems.append(str(error))
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        print("\n".join(f"{row['model']}: {row['file']} is at {row['path']}" for row in rows))
    if problems:
        print("\n".join(f"voxproof: {problem}" for problem in problems), file=sys.stderr)
        raise typer.Exit(ModelError.exit_code)


@app.command("verify", epilog="Example: voxproof models verify")
def verify_models(names: _Names = None, as_json: _Json = False) -> None:
    """Hash every file of models anew and compare with the cards.

    Exit code 3 if a file is wrong, if one of the package's own is missing, or if one of a model that you named is.
    """
    found = [(card, state) for card in _chosen(names) for state in verify(card)]
    if as_json:
        print(json.dumps([_state(card, state) for card, state in found], indent=2, ensure_ascii=False))
    else:
        for card, state in found:
            place = f" ({state.path})" if state.path else ""
            help_ = f"; to get it: {state.advice}" if state.advice else ""
            print(f"{state.state:8}{card.name}: {state.file.name}{place}{help_}")
    if any(
        state.state == "wrong" or (state.state == "missing" and (names or _is_ours(card, state)))
        for card, state in found
    ):
        raise typer.Exit(ModelError.exit_code)


class _Bar:
    """Shows one file's download; it appears with the first byte, so that what is there already shows nothing."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def __call__(self, file: str, done: int, total: int) -> None:
        if self._task is None:
            self._task = self._bars.add_task(file, total=total)
        self._bars.update(self._task, completed=done)


def _chosen(names: list[str] | None) -> list[Card]:
    return [load_card(name) for name in names] if names else cards()


def _summary(card: Card) -> dict[str, Any]:
    missing = [file.name for file in card.files if not _is_there(card, file.name)]
    return {
        "name": card.name,
        "kind": card.kind,
        "engine": card.engine,
        "summary": card.summary,
        "licence": card.licence,
        "bytes": card.bytes,
        "state": f"missing {', '.join(missing)}" if missing else "ok",
        "card_sha256": card.sha256,
    }


def _is_there(card: Card, name: str) -> bool:
    try:
        file_path(card, name, pull=False)
    except ModelError:
        return False
    return True


def _is_ours(card: Card, state: FileState) -> bool:
    """Whether the file should lie beside the card, so that nobody has to get it from elsewhere."""
    return any(isinstance(source, BesideSource) and source.path_of(card.wanted(state.file)) for source in card.sources)


def _state(card: Card, state: FileState) -> dict[str, Any]:
    return {
        "model": card.name,
        "file": state.file.name,
        "state": state.state,
        "path": str(state.path) if state.path else None,
        "advice": state.advice,
    }


def _source(fields: dict[str, Any]) -> str:
    kind = fields.pop("type")
    return f"{kind} " + ", ".join(f"{key} {value}" for key, value in fields.items()) if fields else str(kind)
