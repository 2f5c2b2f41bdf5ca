"""A group whose commands are imported when they are called, so that `voxproof --help` waits for none of them."""

from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from voxproof.errors import VoxproofError


@dataclass(frozen=True)
class Lazy:
    """Where a command lives: a module with a Typer called `app`, which holds one command or a group of them."""

    module: str
    help: str
    is_group: bool = False

    def load(self, name: str) -> Any:
        """The real command, under `name`."""
        app: typer.Typer = import_module(self.module).app
        # A group of its own would get Typer's options for shell completion; one that is mounted does not.
        command = get_group(app) if self.is_group else get_command(app)
        command.name = name
        return command


class LazyGroup(TyperGroup):
    """Lists commands by the table that its subclass brings; the help of each stands in the table too."""

    table: dict[str, Lazy] = {}  # noqa: RUF012 (a subclass sets it, nothing changes it)

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """What a listing needs of a command: its name and its help."""
        found = self.table.get(cmd_name)
        return None if found is None else TyperCommand(cmd_name, help=found.help)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called, imported now."""
        name = args[0]
        if name in self.table:
            return name, self.table[name].load(name), args[1:]
        near = get_close_matches(name, self.table, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        kind = "option" if name.startswith("-") else "command"
        raise VoxproofError(f"there is no {kind} {name!r}{meant} (voxproof --help lists what there is)")
