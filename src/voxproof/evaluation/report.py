"""Figures as Markdown for people and JSON for programs, with the machine, the date and the commit they hold for."""

import html
import json
import platform
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import voxproof
from voxproof.cores import cores
from voxproof.errors import VoxproofError
from voxproof.evaluation.bootstrap import Interval
from voxproof.files import write_aside


@dataclass(frozen=True)
class Machine:
    """What the figures were measured on; never its name on the network."""

    cpu: str
    cores: int
    system: str
    python: str

    @classmethod
    def here(cls) -> "Machine":
        """This machine, with the cores that the process may use."""
        return cls(_cpu(), cores(), f"{platform.system()} {platform.machine()}", platform.python_version())

    def __str__(self) -> str:
        cores = f"{self.cores} core{'s' if self.cores > 1 else ''}"
        return f"{self.cpu}, {cores}, {self.system}, Python {self.python}"


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def commit() -> str:
    """The commit of the checkout that runs, with a plus sign when files differ from it; else the version."""
    folder = Path(voxproof.__file__).parent
    try:
        head = _git(folder, "rev-parse", "--short", "HEAD")
        return head + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return f"voxproof {voxproof.__version__}"


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.strip()


@dataclass(frozen=True)
class Table:
    """One table; a cell is text, a number or an interval."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    note: str = ""

    def markdown(self) -> str:
        """A heading, the note and a pipe table."""
        lines = [f"### {self.title}", ""]
        if self.note:
            lines += [self.note, ""]
        lines.append("| " + " | ".join(self.columns) + " |")
        lines.append("|" + "---|" * len(self.columns))
        lines += ["| " + " | ".join(_cell(cell).replace("|", "\\|") for cell in row) + " |" for row in self.rows]
        return "\n".join(lines) + "\n"

    def html(self) -> str:
        """The same as a section of a page (`voxproof.pages`); the first column heads the rows."""
        head = "".join(f'<th scope="col">{html.escape(column)}</th>' for column in self.columns)
        rows = []
        for first, *rest in self.rows:
            cells = "".join(f"<td>{html.escape(_cell(cell))}</td>" for cell in rest)
            rows.append(f'<tr><th scope="row">{html.escape(_cell(first))}</th>{cells}</tr>')
        title, note = html.escape(self.title), f"<p>{html.escape(self.note)}</p>" if self.note else ""
        # A wide table scrolls inside its own box, which the keyboard reaches too.
        return (
            f'<section><h2>{title}</h2>{note}<div class="wide" tabindex="0" role="region" aria-label="{title}">'
            f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div></section>"
        )


def _cell(cell: object) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:.3f}"
    return str(cell)


@dataclass(frozen=True)
class Report:
    """Everything that one run of an evaluation found."""

    title: str
    tables: Sequence[Table]
    figures: Mapping[str, Any]
    about: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    commit: str = field(default_factory=commit)
    date: str = field(default_factory=lambda: datetime.now(UTC).date().isoformat())
    machine: Machine = field(default_factory=Machine.here)

    def facts(self) -> dict[str, str]:
        """What was measured where, as far as it is known."""
        facts = {
            "Command": self.command,
            "Date": self.date,
            "Commit": self.commit,
            "Machine": str(self.machine),
            "Intervals": "95 %, bootstrap over speakers unless a table says otherwise",
            **self.about,
        }
        return {name: value for name, value in facts.items() if value}

    def markdown(self) -> str:
        """The page: what was measured where, then the tables."""
        facts = self.facts()
        if "Command" in facts:
            facts["Command"] = f"`{facts['Command']}`"
        head = [f"## {self.title}", "", *(f"- {name}: {value}" for name, value in facts.items()), ""]
        return "\n".join(head) + "\n" + "\n".join(table.markdown() for table in self.tables)

    def as_dict(self) -> dict[str, Any]:
        """For JSON; intervals become value, low, high and the number of clusters."""
        return {
            "title": self.title,
            "command": self.command,
            "date": self.date,
            "commit": self.commit,
            "machine": {"cpu": self.machine.cpu, "cores": self.machine.cores, "system": self.machine.system},
            "about": dict(self.about),
            "figures": _plain(self.figures),
        }

    def json(self) -> str:
        """`as_dict` as text."""
        return json.dumps(self.as_dict(), indent=1, ensure_ascii=False)

    def save(self, path: Path) -> None:
        """Write the Markdown to `path` and the JSON beside it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        for target, text in ((path, self.markdown()), (path.with_suffix(".json"), self.json() + "\n")):
            with write_aside(target, VoxproofError) as aside:
                aside.write_text(text, encoding="utf-8")


def command_line(name: str | None = None) -> str:
    """The command that is running, as somebody would type it; folders before the program's name are left out."""
    program = name or Path(sys.argv[0]).name
    return " ".join([program, *(shlex.quote(argument) for argument in sys.argv[1:])])


def _plain(value: Any) -> Any:
    if isinstance(value, Interval):
        return value.as_dict()
    if hasattr(value, "as_dict"):
        return _plain(value.as_dict())
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, float) and value != value:
        return None
    return value
