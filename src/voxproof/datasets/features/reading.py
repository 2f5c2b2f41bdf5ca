"""Reading features that were kept: by key, or one after the other, without more in memory than what is asked for."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from voxproof.corpora import Row, read_manifest
from voxproof.datasets.features.run import INDEX
from voxproof.datasets.features.shard import ARRAYS, BEGUN
from voxproof.errors import CorpusError

_OPEN = 8  # shards that are kept open


class FeatureSet:
    """The arrays of a folder by key, in the order of their manifest: `len`, `in`, iteration over keys, `features[key]`.

    `rows` are the manifest's rows by key (`row.extra` has `shard`, `key` and `shape`), `facts` what was asked for.
    """

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        try:
            self.facts: dict[str, Any] = json.loads((self._folder / BEGUN).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise CorpusError(f"{folder}: no features are kept there; see voxproof dataset features") from None
        if not (self._folder / INDEX).is_file():
            raise CorpusError(f"{folder}: not all features are there; give the command that made them once more")
        self.rows: dict[str, Row] = {row.extra["key"]: row for row in read_manifest(self._folder / INDEX)}
        self._shard = lru_cache(maxsize=_OPEN)(self._opened)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __contains__(self, key: object) -> bool:
        return key in self.rows

    def __getitem__(self, key: str) -> NDArray[Any]:
        """The array of a row; `KeyError` if there is none, `CorpusError` if its shard is gone or broken."""
        shard = self.rows[key].extra["shard"]
        try:
            found: NDArray[Any] = self._shard(shard).get_tensor(key)
        except (OSError, SafetensorError) as reason:
            raise CorpusError(f"{self._folder}: the shard {shard} cannot be read ({reason})") from None
        return found

    def _opened(self, shard: str) -> Any:
        return safe_open(self._folder / ARRAYS / f"{shard}.safetensors", framework="numpy")


def load(folder: str | Path) -> FeatureSet:
    """The features that `voxproof dataset features` keeps in a folder; `CorpusError` if there are none."""
    return FeatureSet(folder)
