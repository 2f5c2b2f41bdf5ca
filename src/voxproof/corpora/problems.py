"""What is wrong with a corpus: which file, which line, what. Counted without end, kept up to a bound."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from voxproof.errors import CorpusError
from voxproof.files import write_aside
from voxproof.notes import one_line
from voxproof.places import Place

MOST_KEPT = 1_000


@dataclass(frozen=True)
class Problem:
    """One of them; `line` is 0 where the file as a whole is meant."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}{f':{self.line}' if self.line else ''}: {self.what}"


class Problems:
    """All of them; with `strict` the first one is a `CorpusError`."""

    def __init__(self, strict: bool = False) -> None:
        self.strict = strict
        self.count = 0
        self.kept: list[Problem] = []

    def add(self, file: str | Place, line: int, what: str) -> None:
        """Note one."""
        problem = Problem(str(file), line, one_line(what))
        if self.strict:
            raise CorpusError(str(problem))
        self.count += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(problem)

    def write(self, file: Path) -> None:
        """A table of those that are kept: file, line, what; no file if there are none."""
        if not self.count:
            file.unlink(missing_ok=True)
            return
        with write_aside(file, CorpusError) as aside, aside.open("w", encoding="utf-8") as out:
            out.write("file\tline\twhat\n")
            out.writelines(f"{one.file}\t{one.line or ''}\t{one.what}\n" for one in self.kept)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.kept)
