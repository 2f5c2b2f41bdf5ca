"""Packed speech: clips of a manifest as arrays on disk that every recipe reads by memory map.

A pack is a folder: `samples.i16` (16 kHz, level-normalised, silence at the edges trimmed), `mel.f16` (frames x mels),
`f0.f16` (a value a frame) and `index.json` (a row a clip: speaker, text, offsets); perhaps `predicted.f16` and
`predicted.json` (mels that a synthesizer made of some clips, and of which). `voxproof.training.pack_speech`
makes one.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof.errors import CorpusError
from voxproof.features import MEL


@dataclass
class SpeechPack:
    """A pack open for reading. `rows[i]` tells of clip i; `samples(i)`, `mel(i)` and `f0(i)` give its arrays."""

    folder: Path
    rows: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        index = self.folder / "index.json"
        if not index.is_file():
            raise CorpusError(f"{self.folder} holds no packed speech: run python -m voxproof.training.pack_speech")
        self.rows = json.loads(index.read_text(encoding="utf-8"))
        self._samples = np.memmap(self.folder / "samples.i16", np.int16, "r")
        self._mel = np.memmap(self.folder / "mel.f16", np.float16, "r").reshape(-1, MEL.n_mels)
        self._f0 = np.memmap(self.folder / "f0.f16", np.float16, "r")
        predicted = self.folder / "predicted.json"
        self.predicted: list[int] = json.loads(predicted.read_text(encoding="utf-8")) if predicted.is_file() else []

    def __len__(self) -> int:
        return len(self.rows)

    def samples(self, i: int, start: int = 0, length: int | None = None) -> NDArray[np.float32]:
        """Samples of clip i in [-1, 1], from frame `start` for `length` frames (all: None)."""
        row = self.rows[i]
        first = row["sample"] + start * MEL.hop
        last = row["sample"] + (row["samples"] if length is None else min(row["samples"], (start + length) * MEL.hop))
        return self._samples[first:last].astype(np.float32) / 32768.0

    def mel(self, i: int) -> NDArray[np.float32]:
        """Log-mel of clip i, `(frames, n_mels)`."""
        row = self.rows[i]
        return self._mel[row["frame"] : row["frame"] + row["frames"]].astype(np.float32)

    def predicted_mel(self, i: int) -> NDArray[np.float32]:
        """What a synthesizer made of clip i, frame by frame (`training.predict_mels`), for i in `predicted`."""
        row = self.rows[i]
        mel = np.memmap(self.folder / "predicted.f16", np.float16, "r").reshape(-1, MEL.n_mels)
        return mel[row["frame"] : row["frame"] + row["frames"]].astype(np.float32)

    def f0(self, i: int) -> NDArray[np.float32]:
        """Pitch of clip i in Hz, `(frames,)`, 0 where unvoiced."""
        row = self.rows[i]
        return self._f0[row["frame"] : row["frame"] + row["frames"]].astype(np.float32)


Clip = tuple[SpeechPack, int]
"""A clip: its pack, and its number there."""


def clips_by_speaker(packs: Sequence[SpeechPack], leave_out: Sequence[str] = ()) -> dict[str, list[Clip]]:
    """The clips of every speaker, by name; without speakers whose names begin with one of `leave_out`."""
    clips: dict[str, list[Clip]] = {}
    for pack in packs:
        for i, row in enumerate(pack.rows):
            if not row["speaker"].startswith(tuple(leave_out)):
                clips.setdefault(row["speaker"], []).append((pack, i))
    return dict(sorted(clips.items()))
