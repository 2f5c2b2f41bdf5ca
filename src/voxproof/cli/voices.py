"""`voxproof voices`: the voices that were enrolled."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxproof.cli.options import JsonOption
from voxproof.cli.stderr import say
from voxproof.cli.stdout import print_json
from voxproof.errors import VoxproofError

if TYPE_CHECKING:
    from voxproof.speakers import StoredVoice, Voice

app = typer.Typer(add_completion=False, help="List, show, rename, delete and export enrolled voices.")

_Name = Annotated[str, typer.Argument(help="The name of an enrolled voice.")]


@app.callback(invoke_without_command=True, epilog="Example: voxproof voices list")
def voices(context: typer.Context, as_json: JsonOption = False) -> None:
    """List, show, rename, delete and export enrolled voices; without a command: list."""
    if context.invoked_subcommand is None:
        list_all(as_json)


@app.command("list", epilog="Example: voxproof voices list --json")
def list_all(as_json: JsonOption = False) -> None:
    """List the enrolled voices."""
    from voxproof.speakers import list_voices

    found = list_voices()
    if as_json:
        print_json([_entry(stored) for stored in found])
        return
    if not found:
        say("no voice is enrolled yet: voxproof enroll me.wav --name me")
        return
    width = max(len(stored.name) for stored in found)
    for stored in found:
        print(f"{stored.name:<{width}}  {_summary(stored.voice) if stored.voice else f'broken: {stored.problem}'}")


@app.command(epilog="Example: voxproof voices show me")
def show(name: _Name, as_json: JsonOption = False) -> None:
    """Show what is known of a voice: an enrolled one by its name, or a .voice file."""
    from voxproof.speakers import load_voice, voice_path
    from voxproof.speakers.voice import SUFFIX

    voice = load_voice(name)
    path = Path(name) if Path(name).suffix == SUFFIX else voice_path(name)
    facts = facts_of(voice, path)
    if as_json:
        print_json(facts)
        return
    print(f"{voice.name}: {_summary(voice)}")
    print(f"file     {path}")
    print(f"encoder  {voice.encoder}, {len(voice.embedding)} values")
    print(f"consent  {facts['consent']['note'] if voice.consent else 'none recorded'}")
    for said in voice.notes:
        print(f"note     {said}")


@app.command(epilog="Example: voxproof voices rename me myself")
def rename(old: _Name, new: Annotated[str, typer.Argument(help="Its new name.")], as_json: JsonOption = False) -> None:
    """Give a voice another name."""
    from voxproof.speakers import rename_voice

    path = rename_voice(old, new)
    _done(f"{old} is called {new} now", {"name": new, "path": str(path)}, as_json)


@app.command(epilog="Example: voxproof voices delete me --yes")
def delete(
    name: _Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete a voice for good."""
    from voxproof.speakers import delete_voice, voice_path

    if not yes and voice_path(name).exists():
        if not sys.stdin.isatty():
            raise VoxproofError(f"voice {name!r} is not deleted without --yes where nobody can be asked")
        if not typer.confirm(f"Delete the voice {name!r}? It cannot be brought back", err=True):
            raise typer.Exit(1)
    delete_voice(name)
    _done(f"{name} is deleted", {"name": name, "deleted": True}, as_json)


@app.command(epilog="Example: voxproof voices export me -o me.voice")
def export(
    name: _Name,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Where to write; NAME.voice by default.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a voice into a file, for another computer: `--voice NAME.voice` takes it there."""
    from voxproof.speakers import load_voice
    from voxproof.speakers.voice import SUFFIX

    voice = load_voice(name)
    target = out or Path(f"{voice.name}{SUFFIX}")
    if target.suffix != SUFFIX:
        raise VoxproofError(f"cannot write {target}: the suffix of a voice is {SUFFIX}")
    voice.save(target)
    _done(f"{target}: {voice.name}, {_summary(voice)}", {"name": voice.name, "path": str(target)}, as_json)


def facts_of(voice: "Voice", path: Path) -> dict[str, Any]:
    """All of a voice but its embedding, for JSON."""
    return {
        "name": voice.name,
        "path": str(path),
        "seconds": voice.seconds,
        "f0": voice.f0,
        "encoder": voice.encoder,
        "dim": len(voice.embedding),
        "notes": list(voice.notes),
        "consent": dict(voice.consent) if voice.consent is not None else None,
    }


def _entry(stored: "StoredVoice") -> dict[str, Any]:
    if stored.voice is None:
        return {"name": stored.name, "path": str(stored.path), "problem": stored.problem}
    return facts_of(stored.voice, stored.path)


def _summary(voice: "Voice") -> str:
    parts = [f"{voice.seconds:.1f} s of speech"]
    if voice.f0:
        parts.append(f"pitch {voice.f0:.0f} Hz")
    if voice.notes:
        parts.append(f"{len(voice.notes)} note{'s' if len(voice.notes) > 1 else ''}")
    parts.append("with consent" if voice.consent is not None else "no consent recorded")
    return ", ".join(parts)


def _done(sentence: str, facts: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(facts)
    else:
        print(sentence)
