"""Results as JSON and as tables."""

import codecs
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """`value` as JSON on stdout, in characters that its encoding has; without `indent` in one line, written at once."""
    encoding = codecs.lookup(sys.stdout.encoding or "ascii").name
    text = json.dumps(value, indent=indent, ensure_ascii=encoding != "utf-8", allow_nan=False)
    print(text, flush=indent is None)


def print_table(table: "Table") -> None:
    """A table on stdout; piped, a row stays one line, whatever its length."""
    from rich.console import Console

    console = Console()
    if console.is_terminal:
        console.print(table)
        return
    wide = Console(width=10_000, no_color=True)
    with wide.capture() as captured:
        wide.print(table)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))
