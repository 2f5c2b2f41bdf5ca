"""The rows of a manifest of clips: tab-separated, with names in the first line and nothing quoted."""

import csv
from pathlib import Path

from voxproof.errors import CorpusError


def manifest_rows(manifest: Path) -> list[dict[str, str]]:
    """All rows by column; `CorpusError` for a file that cannot be read or has no column `path`."""
    try:
        with manifest.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            rows = list(reader)
    except OSError as reason:
        raise CorpusError(f"{manifest}: the manifest cannot be read ({reason.strerror or reason})") from None
    if "path" not in (reader.fieldnames or ()):
        raise CorpusError(f"{manifest}: a manifest needs the column 'path'")
    return rows
