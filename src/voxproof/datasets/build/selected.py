"""The rows that a plan selects: by number, on disk, with what drawing needs of all of them in arrays.

A million rows as objects would take gigabytes. Here they lie in a file without a name, which is gone with the process,
and some 25 bytes a row stay in memory (100 while rows are compared).
"""

import marshal
import os
import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from voxproof.corpora import COLUMNS, Row, placed, read_manifest
from voxproof.datasets.build.plan import Plan
from voxproof.errors import CorpusError
from voxproof.places import Place, is_address

NOBODY = 0  # the number of the speaker, or the language, that is not told
_CELLS = COLUMNS[:-1]  # what can be selected by; the last one is `extra`, whose keys can be too


class Chosen(NamedTuple):
    """A row, where its sound lies, and the manifest that it is from, as the plan names it."""

    row: Row
    sound: str
    manifest: str


class Selected:
    """`pool` rows are selected, of which the first `count` get something made; the others lend voices and texts.

    Rows that are there twice (the same file, id and stretch) count once. `speakers`, `languages` (numbers, `NOBODY`
    where not told), `seconds` and `has_text` are arrays over the pool.
    """

    def __init__(self, plan: Plan, folder: Place) -> None:
        there = _existing(folder) if isinstance(folder, Path) else None
        self._file = tempfile.TemporaryFile(dir=there)  # noqa: SIM115 (it lives as long as this)
        self._offsets = array("Q")
        self._names = plan.manifest
        self._folders: list[str] = []
        self._speaker_numbers: dict[tuple[str, str], int] = {}
        self._language_numbers: dict[str, int] = {"": NOBODY}
        self.language_names: list[str] = [""]
        speakers, languages, seconds, has_text = array("I"), array("I"), array("f"), bytearray()
        # Whole manifests are read only if somebody draws from rows beyond the limit.
        most = None if any(one.kind in ("clone", "convert") for one in plan.orders) else plan.limit
        end = 0
        for row in self._read(plan):
            self._offsets.append(end)
            end += self._file.write(marshal.dumps((len(self._folders) - 1, *row)))  # type: ignore[arg-type]
            speakers.append(self._speaker(row))
            languages.append(self._language(row.language))
            seconds.append(row.duration_s)
            has_text.append(bool(row.text))
            if most is not None and len(self._offsets) >= most:
                break
        self._offsets.append(end)
        self._file.flush()
        self.pool = len(self._offsets) - 1
        self.count = min(self.pool, plan.limit or self.pool)
        self.speakers = np.array(speakers, np.uint32)
        self.languages = np.array(languages, np.uint32)
        self.seconds = np.array(seconds, np.float32)
        self.has_text = np.frombuffer(bytes(has_text), np.uint8).astype(bool)
        if self.pool == 0:
            raise CorpusError(f"no row of {' and '.join(plan.manifest)} is selected; see the key 'select' of the plan")

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, number: int) -> Chosen:
        """The row of that number in the pool."""
        start = self._offsets[number]
        line = os.pread(self._file.fileno(), self._offsets[number + 1] - start, start)
        manifest, *values = marshal.loads(line)
        row = Row._make(values)
        elsewhere = row.path.startswith("/") or is_address(row.path)
        sound = row.path if elsewhere else f"{self._folders[manifest]}/{row.path}"
        return Chosen(row, sound, self._names[manifest])

    def _read(self, plan: Plan) -> Iterator[Row]:
        seen: set[int] = set()
        unknown = {name for name in plan.select if name not in _CELLS}
        wanted = [(COLUMNS.index(name), frozenset(plan.select[name])) for name in plan.select if name in _CELLS]
        others = [(name, frozenset(plan.select[name])) for name in unknown]
        for name in plan.manifest:
            file = plan.placed(name)
            self._folders.append(str(placed(Row("."), file)))
            for row in read_manifest(file):
                if unknown:
                    unknown -= row.extra.keys()
                if wanted and not all(_text(row[column]) in values for column, values in wanted):
                    continue
                if others and not all(row.extra.get(key, "") in values for key, values in others):
                    continue
                # 64 bits: two of a million rows are taken for one by chance once in 30 million times.
                told = hash((name, row.path, row.id, row.start_s, row.end_s))
                if told not in seen:
                    seen.add(told)
                    yield row
        if unknown:
            raise CorpusError(f"select: no row has {', '.join(sorted(unknown))}; columns are {', '.join(_CELLS)}")

    def _speaker(self, row: Row) -> int:
        """Speakers of two corpora may have one name."""
        if not row.speaker:
            return NOBODY
        return self._speaker_numbers.setdefault((row.corpus, row.speaker), len(self._speaker_numbers) + 1)

    def _language(self, name: str) -> int:
        if name not in self._language_numbers:
            self._language_numbers[name] = len(self.language_names)
            self.language_names.append(name)
        return self._language_numbers[name]


def _text(value: object) -> str:
    """A cell as the plan's values are written."""
    return value if isinstance(value, str) else f"{value:.10g}" if value else ""


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there: rows do not belong where memory stands for a disk."""
    return next(one for one in (folder, *folder.parents) if one.is_dir())
