"""One shard: the arrays of neighbouring rows in a safetensors file, and beside it a manifest of its rows."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from voxproof.corpora import COLUMNS, Row
from voxproof.datasets.build.makers.sounds import read_clip
from voxproof.datasets.build.references import Clip
from voxproof.datasets.features.kinds import Extract, extractor
from voxproof.errors import CorpusError, ModelError, VoxproofError
from voxproof.places import AddressError, Place, write_whole

ARRAYS, ROWS = "shards", "rows"  # the folders within that of the features
BEGUN = "features.json"
DTYPES = ("float16", "float32")
_LONGEST_NOTE = 400  # characters


class Shard(NamedTuple):
    """Rows number `first`, `first` + 1, ... of the manifest; the path of each says where its sound lies."""

    number: int
    first: int
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """Of its files, without the suffix."""
        return f"{self.number:05}"


class Told(NamedTuple):
    """What came of a shard."""

    number: int
    made: int
    failed: int


@dataclass(frozen=True)
class Extraction:
    """What is computed and where it is kept; loads what computes it (see `voxproof.datasets.executors.Load`)."""

    features: str
    dtype: str
    folder: Place

    def __call__(self) -> Callable[[Shard], Told]:
        """From a shard to what came of it; its files are on disk then."""
        if not (self.folder / BEGUN).is_file():
            raise CorpusError(f"{self.folder} is not seen by all nodes; keep features in a folder that they share")
        extractor(self.features)
        return partial(write_shard, self)


def write_shard(job: Extraction, shard: Shard) -> Told:
    """Compute a shard; a row that cannot be read, or held, is told with its error and ends nothing.

    The manifest is written last: a shard without one was never made.
    """
    extract = extractor(job.features)
    arrays: dict[str, NDArray[Any]] = {}
    lines: list[str] = []
    for number, row in enumerate(shard.rows, shard.first):
        key = f"{number:09}"
        try:
            arrays[key] = _held(_computed(extract, row), job.dtype)
        except VoxproofError as reason:
            lines.append(line_of(row, shard.name, key, error=str(reason)))
            continue
        lines.append(line_of(row, shard.name, key, shape="x".join(map(str, arrays[key].shape))))
    try:
        for name in (ARRAYS, ROWS):
            (job.folder / name).mkdir(parents=True, exist_ok=True)
        with write_whole(job.folder / ARRAYS / f"{shard.name}.safetensors", CorpusError) as aside:
            # One key of metadata: the library writes several in no fixed order.
            save_file(arrays, aside, metadata={"voxproof": json.dumps({"features": job.features})})
        write_lines(job.folder / ROWS / f"{shard.name}.tsv", lines)
    except OSError as reason:
        raise CorpusError(f"cannot write the shard {shard.name} in {job.folder}: {reason}") from None
    return Told(shard.number, len(arrays), len(lines) - len(arrays))


HEAD = "\t".join([*COLUMNS, "shard", "key", "shape", "error"])


def line_of(row: Row, shard: str, key: str, shape: str = "", error: str = "") -> str:
    """The row of an index: that of the manifest, and where its array is, or why there is none."""
    return "\t".join([*row.cells(), shard, key, shape, " ".join(error.split())[:_LONGEST_NOTE]])


def write_lines(target: Place, lines: Iterable[str]) -> None:
    """An index of these rows, whole or not at all."""
    with write_whole(target, CorpusError) as aside, Path(aside).open("w", encoding="utf-8", newline="") as out:
        out.write(f"{HEAD}\n")
        out.writelines(f"{line}\n" for line in lines)


def _computed(extract: Extract, row: Row) -> NDArray[Any]:
    try:
        return extract(read_clip(Clip(row.path, row.start_s, row.end_s)))
    except (ModelError, AddressError):  # the next row would fare no better
        raise
    except VoxproofError:
        raise
    except Exception as mistake:  # one clip that a library chokes on must not end a run of days
        raise VoxproofError(f"{type(mistake).__name__}: {mistake}") from None


def _held(values: NDArray[Any], dtype: str) -> NDArray[Any]:
    with np.errstate(over="ignore"):
        found = np.ascontiguousarray(values, dtype)
    if not np.isfinite(found).all():
        raise VoxproofError(f"some values are no numbers of {dtype}")
    return found
