"""Decoded blocks to one mono array: counted against the limits, finite, mixed down by the mean of the channels."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof.audio.limits import check_frames
from voxproof.audio.span import WHOLE, Span
from voxproof.errors import AudioError


class Gathered:
    """What has been decoded so far of a source with `channels` channels at `rate` Hz, as far as it is in `span`.

    `passed` counts frames from the start of the source, `frames` those that are kept.
    """

    def __init__(self, name: str, rate: int, channels: int, span: Span = WHOLE) -> None:
        self.name = name
        self.rate = rate
        self.channels = channels
        self.frames = 0
        self.passed = 0
        self.first, self.last = span.frames(name, rate)
        self._blocks: list[NDArray[np.float32]] = []

    def add(self, block: NDArray[Any]) -> None:
        """Add a float block `(frames, channels)`; `AudioError` at the first frame too many and at NaN or infinity."""
        begin, end = max(0, self.first - self.passed), max(0, self.last - self.passed)
        self.passed += len(block)
        before, block = self.passed - len(block) + begin, block[begin:end]
        if len(block) == 0:
            return
        check_frames(self.name, self.frames + len(block), self.rate, self.channels)
        with np.errstate(over="ignore", invalid="ignore"):
            mono = block[:, 0].astype(np.float32) if block.shape[1] == 1 else block.mean(1, dtype=np.float32)
            finite = np.isfinite(mono)
        if not finite.all():
            at = (before + int(np.argmin(finite))) / self.rate
            what = "NaN" if np.isnan(block[int(np.argmin(finite))]).any() else "infinity"
            raise AudioError(f"{self.name}: holds {what} (first at {at:.3f} s)")
        self.frames += len(block)
        self._blocks.append(mono)

    def samples(self) -> NDArray[np.float32]:
        """Everything in one array, `[frames]`; the blocks are given up one by one, so that memory does not double."""
        if self.frames == 0:
            raise AudioError(f"{self.name}: no sound in it, 0 samples")
        whole = np.empty(self.frames, np.float32)
        at = 0
        self._blocks.reverse()
        while self._blocks:
            block = self._blocks.pop()
            whole[at : at + len(block)] = block
            at += len(block)
        return whole
