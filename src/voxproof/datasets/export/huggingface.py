"""A folder as `AudioFolder` of Hugging Face's `datasets` reads it, with a data card.

`load_dataset("audiofolder", data_dir=FOLDER)` and `load_dataset(FOLDER)` open it. Each split is a folder with
`metadata.parquet` (whose types `datasets` takes, so that `label` is a `ClassLabel` and every split has the same ones)
and its sounds: whole files under a second name on the same disk, or copied; stretches and what `AudioFolder` does not
know are cut out into FLAC of 16 bits, mono.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from voxproof.audio import read_audio, write_audio
from voxproof.audio.stretch import is_long, read_stretch
from voxproof.corpora.manifest import pyarrow_modules
from voxproof.corpora.row import COLUMNS
from voxproof.datasets.export.clips import Clip
from voxproof.datasets.export.huggingface_card import LABELS, Counted, card, dtype
from voxproof.places import copy_whole

_LINKED = frozenset({".wav", ".flac", ".mp3", ".ogg", ".opus"})
_GROUP = 10_000  # rows of Parquet written at once
_EACH = 1000  # files a folder: hubs and file systems are slow where a hundred thousand lie in one
_SPLITS = {"": "train", "training": "train", "dev": "validation", "valid": "validation", "val": "validation"}
_SPLITS |= {"development": "validation", "eval": "test", "evaluation": "test", "testing": "test"}
KEPT = tuple(name for name in COLUMNS if name not in ("path", "start_s", "end_s", "extra", "split"))


def write_folder(folder: Path, clips: Iterable[Clip], title: str) -> None:
    """Fill an empty folder; the same clips give the same bytes."""
    numbers: Counter[str] = Counter()
    counted = Counted()
    with ExitStack() as open_files:
        tables: dict[str, _Table] = {}
        for clip in clips:
            split = split_name(clip.row.split)
            if split not in tables:
                (folder / split).mkdir()
                tables[split] = _Table(folder / split / "metadata.parquet")
                open_files.callback(tables[split].close)
            name = _placed(folder / split, clip, numbers[split])
            numbers[split] += 1
            counted.add(split, clip.row, clip.seconds)
            tables[split].add(_facts(clip, name))
    (folder / "README.md").write_text(card(counted, title, (*KEPT, "extra")), encoding="utf-8")


def split_name(split: str) -> str:
    """As `datasets` calls it; rows without a split are for training."""
    found = re.sub(r"\W+", "_", split.strip().lower(), flags=re.ASCII).strip("_")
    return _SPLITS.get(found, found) if found or not split.strip() else "other"


def _placed(folder: Path, clip: Clip, number: int) -> str:
    """Where the sound lies now, relative to its split."""
    suffix = clip.file.suffix.lower()
    linked = clip.is_whole and suffix in _LINKED
    name = f"{number // _EACH:05d}/{number:08d}{suffix if linked else '.flac'}"
    target = folder / name
    target.parent.mkdir(exist_ok=True)
    if linked:
        copy_whole(clip.file, target)
    elif clip.is_whole and not is_long(clip.file):
        write_audio(target, read_audio(clip.file))
    else:
        write_audio(target, read_stretch(clip.file, clip.first / clip.head.rate, clip.last / clip.head.rate))
    return name


def _facts(clip: Clip, name: str) -> dict[str, Any]:
    """A line of the table."""
    row = clip.row._replace(id=clip.id, duration_s=round(clip.seconds, 6))
    known = {column: getattr(row, column) for column in KEPT}
    known["label"] = LABELS.index(row.label) if row.label else None
    return {"file_name": name, **known, "extra": json.dumps(dict(row.extra), ensure_ascii=False, sort_keys=True)}


class _Table:
    """The table of a split, written in groups of rows."""

    def __init__(self, file: Path) -> None:
        self._arrow, parquet = pyarrow_modules()
        names = ("file_name", *KEPT, "extra")
        kinds = {"float64": self._arrow.float64(), "int64": self._arrow.int64(), "string": self._arrow.string()}
        fields = [(name, kinds["int64" if name == "label" else str(dtype(name))]) for name in names]
        told = {"huggingface": json.dumps({"info": {"features": {name: _feature(name) for name in names}}})}
        self._schema = self._arrow.schema(fields, metadata=told)
        self._out = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def add(self, row: dict[str, Any]) -> None:
        """One row more."""
        self._rows.append(row)
        if len(self._rows) == _GROUP:
            self._write()

    def close(self) -> None:
        """Write the rest and the end of the file."""
        if self._rows:
            self._write()
        self._out.close()

    def _write(self) -> None:
        self._out.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
        self._rows.clear()


def _feature(name: str) -> dict[str, Any]:
    """A column as `datasets.Features.to_dict` tells it."""
    if name == "label":
        return {"names": list(LABELS), "_type": "ClassLabel"}
    return {"dtype": dtype(name), "_type": "Value"}
