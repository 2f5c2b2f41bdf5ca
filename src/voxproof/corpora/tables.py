"""Other people's tables (CSV, TSV, bars, blanks) line by line: with byte order marks, broken rows and all."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from voxproof.corpora.problems import Problems
from voxproof.errors import CorpusError

csv.field_size_limit(1 << 20)


def lines(file: Path) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, without their ends and without empty ones; `CorpusError` if the file cannot be read.

    UTF-8 with or without a byte order mark, UTF-16 with one; what is neither is read as Latin-1, byte by byte.
    """
    try:
        data = file.read_bytes() if file.stat().st_size < _WHOLE else None
        encoding = _encoding(file, data)
        with file.open(encoding=encoding, newline=None) as opened:
            for number, line in enumerate(opened, start=1):
                if stripped := line.rstrip("\n"):
                    yield number, stripped
    except FileNotFoundError:
        raise CorpusError(f"{file}: there is no such file, and the corpus needs it") from None
    except OSError as reason:
        raise CorpusError(f"{file}: cannot be read ({reason.strerror or reason})") from None
    except UnicodeDecodeError:
        raise CorpusError(f"{file}: not text in UTF-8") from None


def table(
    file: Path, problems: Problems, *, delimiter: str = "\t", needs: Sequence[str] = (), quoted: bool = False
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows by the names in the first line. Rows with too many or too few cells are told to `problems` and left out.

    `needs` are columns without which the file is a `CorpusError`; `quoted` is for CSV with quotation marks.
    """
    rows = split(file, delimiter=delimiter, quoted=quoted)
    _, head = next(rows, (0, []))
    head = [name.strip() for name in head]
    missing = [name for name in needs if name not in head]
    if missing:
        raise CorpusError(f"{file}: no column {', '.join(map(repr, missing))} in its first line")
    for number, cells in rows:
        if len(cells) == len(head):
            yield number, dict(zip(head, cells, strict=True))
        else:
            problems.add(file, number, f"{len(cells)} cells where the head has {len(head)}")


def manifest_cells(manifest: Path, needs: Sequence[str] = ("path",)) -> list[dict[str, str]]:
    """All rows of a `.tsv` manifest, or of the `manifest.tsv` in a folder, as text by column.

    For manifests with columns that a `Row` has not; `read_manifest` is for all others. `CorpusError` if there is none,
    if it lacks one of the columns `needs`, or if a row is broken.
    """
    file = manifest / "manifest.tsv" if manifest.is_dir() else manifest
    if not file.is_file():
        raise CorpusError(f"no manifest {file}: give a manifest.tsv with the columns {', '.join(needs)}, or its folder")
    return [row for _, row in table(file, Problems(strict=True), needs=needs)]


def split(file: Path, *, delimiter: str, quoted: bool = False) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line of a file without names; a `delimiter` of one blank is any number of blanks."""
    if not quoted:
        for number, line in lines(file):
            yield number, line.split() if delimiter == " " else line.split(delimiter)
        return
    numbered = _Numbered(file)
    try:
        for cells in csv.reader(numbered, delimiter=delimiter):
            if cells:
                yield numbered.number, cells
    except csv.Error as reason:
        raise CorpusError(f"{file}:{numbered.number}: no table that can be read ({reason})") from None


_WHOLE = 64 << 20  # bytes; a larger file is taken for UTF-8


class _Numbered:
    """Lines for `csv.reader`, which remembers the number of the last one."""

    def __init__(self, file: Path) -> None:
        self._lines = lines(file)
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for number, line in self._lines:
            self.number = number
            yield line + "\n"


def _encoding(file: Path, data: bytes | None) -> str:
    if data is None:
        return "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8-sig"
