"""Packed wide-band speech: clips at 24 kHz that truly reach above 8 kHz, read by memory map.

A pack is a folder: `samples.i16` (24 kHz, level-normalised, silence at the edges trimmed), `narrow.i16` (the same at
16 kHz), perhaps `copies.i16` (that by a vocoder, from its own mel and pitch), `index.json` (a row a clip: speaker,
corpus, offsets, `reach` in Hz), and `held-out/`, clips that are not in it. `voxproof.training.pack_wideband` makes one.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from voxproof.bandwidth_extension.base import RATE, SOURCE_RATE
from voxproof.errors import CorpusError
from voxproof.features.mel import Floats


@dataclass
class WidebandPack:
    """A pack open for reading; times are in steps of 10 ms, which are whole samples at both rates."""

    folder: Path
    rows: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        index = self.folder / "index.json"
        if not index.is_file():
            raise CorpusError(f"{self.folder} holds no wide-band speech: run python -m voxproof.training.pack_wideband")
        self.rows = json.loads(index.read_text(encoding="utf-8"))
        if not self.rows:
            raise CorpusError(f"{self.folder} is an empty pack")
        self._wide = np.memmap(self.folder / "samples.i16", np.int16, "r")
        self._narrow = np.memmap(self.folder / "narrow.i16", np.int16, "r")
        copies = self.folder / "copies.i16"
        self._copies = np.memmap(copies, np.int16, "r") if copies.is_file() else None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def has_copies(self) -> bool:
        """Whether a vocoder said the clips again."""
        return self._copies is not None

    def wide(self, i: int, start: int, steps: int) -> Floats:
        """Clip i at 24 kHz from step `start` for `steps`, in [-1, 1]; silence where it is not."""
        return self._cut(self._wide, i, start, steps, RATE)

    def narrow(self, i: int, start: int, steps: int, *, copy: bool = False, margin: int = 0) -> Floats:
        """The same at 16 kHz, with `margin` samples more to both sides; as the vocoder said it with `copy`."""
        source = self._copies if copy and self._copies is not None else self._narrow
        return self._cut(source, i, start, steps, SOURCE_RATE, margin)

    def _cut(self, array: Any, i: int, start: int, steps: int, rate: int, margin: int = 0) -> Floats:
        step = rate // 100
        row = self.rows[i]
        offset, length = row["step"] * step, row["steps"] * step
        first, last = start * step - margin, (start + steps) * step + margin
        inside = array[offset + max(first, 0) : offset + min(last, length)].astype(np.float32) / 32768.0
        return np.pad(inside, (max(-first, 0), max(last - length, 0)))
