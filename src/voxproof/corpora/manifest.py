"""Manifests on disk: tab-separated text with names in the first line and nothing quoted, or Parquet by the suffix.

Both are read and written as a stream, so that a million rows need no more memory than a thousand. Each may lie at an
address (`s3://bucket/corpus/manifest.tsv`), and so may the sounds that its rows name.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voxproof.corpora.problems import Problems
from voxproof.corpora.row import COLUMNS, FLOATS, WHOLES, Row, from_cells
from voxproof.errors import CorpusError
from voxproof.places import AddressError, Place, beside, place, write_whole

if TYPE_CHECKING:
    import pyarrow

_GROUP = 10_000  # rows of Parquet written or read at once
_NAMES = ("manifest.tsv", "manifest.parquet")  # in a folder
_SUFFIXES = (".tsv", ".parquet")


def read_manifest(path: str | Place, problems: Problems | None = None) -> Iterator[Row]:
    """The rows of a manifest (`.tsv`, `.parquet`), or of `manifest.tsv` in a folder, one after the other.

    A broken row is told to `problems`, with its line, and left out; without `problems` it is a `CorpusError`, as is a
    manifest that cannot be read.
    """
    file = manifest_in(place(path))
    if file.is_dir():
        raise CorpusError(f"{file}: there is no manifest.tsv or manifest.parquet in this folder")
    told = Problems(strict=True) if problems is None else problems
    try:
        yield from (_parquet_rows if file.suffix == ".parquet" else _text_rows)(file, told)
    except AddressError:
        raise
    except OSError as reason:
        raise CorpusError(f"{file}: the manifest cannot be read ({reason.strerror or reason})") from None
    except UnicodeDecodeError:
        raise CorpusError(f"{file}: the manifest is not text in UTF-8") from None


def write_manifest(path: str | Place, rows: Iterable[Row]) -> int:
    """Write rows as they come, whole or not at all; how many there were. The suffix says how: `.tsv` or `.parquet`."""
    target = place(path)
    if target.suffix not in _SUFFIXES:
        raise CorpusError(f"{target}: a manifest is called .tsv or .parquet")
    with write_whole(target, CorpusError) as aside:
        return (_write_parquet if target.suffix == ".parquet" else _write_text)(aside, rows)


def placed(row: Row, manifest: Place) -> Place:
    """Where the sound of a manifest's row lies; what is called .tsv or .parquet at an address is no folder."""
    is_folder = manifest.is_dir() if isinstance(manifest, Path) else manifest.suffix not in _SUFFIXES
    return beside(manifest if is_folder else manifest.parent, row.path)


def manifest_in(file: Place) -> Place:
    """The manifest in a folder, if there is one; else what was given."""
    if file.is_dir():
        return next((file / name for name in _NAMES if (file / name).is_file()), file)
    return file


def _text_rows(file: Place, problems: Problems) -> Iterator[Row]:
    with file.open(encoding="utf-8-sig", newline=None) as lines:
        columns = tuple(next(lines, "").rstrip("\n").split("\t"))
        if "path" not in columns:
            raise CorpusError(f"{file}: a manifest needs the column 'path' in its first line")
        for number, line in enumerate(lines, start=2):
            stripped = line.rstrip("\n")
            if not stripped:
                continue
            try:
                yield from_cells(columns, stripped.split("\t"))
            except ValueError as reason:
                problems.add(file, number, str(reason))


def _write_text(file: Path, rows: Iterable[Row]) -> int:
    count = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write("\t".join(COLUMNS) + "\n")
        for count, row in enumerate(rows, start=1):  # noqa: B007
            out.write("\t".join(row.cells()) + "\n")
    return count


def _parquet_rows(file: Place, problems: Problems) -> Iterator[Row]:
    arrow, parquet = pyarrow_modules()
    number = 0
    try:
        table = parquet.ParquetFile(file if isinstance(file, Path) else file.open("rb"))
        columns = tuple(table.schema_arrow.names)
        if "path" not in columns:
            raise CorpusError(f"{file}: a manifest needs the column 'path'")
        for batch in table.iter_batches(_GROUP):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                try:
                    yield from_cells(columns, ["" if cell is None else str(cell) for cell in cells])
                except ValueError as reason:
                    problems.add(file, number, str(reason))
    except arrow.ArrowException as reason:
        raise CorpusError(f"{file}: no Parquet that can be read ({' '.join(str(reason).split())[:120]})") from None


def _write_parquet(file: Path, rows: Iterable[Row]) -> int:
    arrow, parquet = pyarrow_modules()
    kinds = {**dict.fromkeys(FLOATS, arrow.float64()), **dict.fromkeys(WHOLES, arrow.int64())}
    schema = arrow.schema([(name, kinds.get(name, arrow.string())) for name in COLUMNS])
    extra = COLUMNS.index("extra")
    count, source = 0, iter(rows)
    with parquet.ParquetWriter(file, schema, compression="zstd") as out:
        while group := list(islice(source, _GROUP)):
            columns: list[Any] = [list(column) for column in zip(*group, strict=True)]
            columns[extra] = [row.cells()[extra] for row in group]
            out.write_table(arrow.table(columns, schema=schema))
            count += len(group)
    return count


def pyarrow_modules() -> "tuple[pyarrow, pyarrow]":
    """`pyarrow` and `pyarrow.parquet`; `CorpusError` without the extra that has them."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise CorpusError("Parquet needs pyarrow: pip install 'voxproof[corpora]', or use .tsv") from None
    return pyarrow, pyarrow.parquet
