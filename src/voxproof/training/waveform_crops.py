"""Crops of packed speech for vocoders that make samples: log-mel, and the samples between its first and last frame."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from voxproof.errors import CorpusError
from voxproof.features import MEL
from voxproof.training.speech_pack import SpeechPack

_LEVELS = (-10.0, 3.0)  # dB
_PEAK = 0.99
_HELD_OUT = 50  # of so many clips of a pack one is held out
_LOG_FLOOR = float(np.log(MEL.floor))


class WaveformCrops:
    """Crops of `frames` frames; a share `predicted` of the mels is a synthesizer's (`training.predict_mels`).

    Recordings are heard at random levels; a synthesizer's mels have the level of their recording. Every fiftieth clip
    can be kept for judging: with `held_out` False crops are of all others, with True of those alone.
    """

    def __init__(
        self,
        packs: Sequence[SpeechPack],
        frames: int,
        predicted: float = 0.0,
        seed: int = 0,
        *,
        held_out: bool | None = None,
    ) -> None:
        def able(pack: SpeechPack, i: int) -> bool:
            row = pack.rows[i]
            asked = held_out is None or held_out == (i % _HELD_OUT == 0)
            return asked and bool(row["frames"] >= frames and row["samples"] >= (frames - 1) * MEL.hop)

        self.frames, self.predicted = frames, predicted
        self.clips = [(pack, i) for pack in packs for i in range(len(pack)) if able(pack, i)]
        self.made = [(pack, i) for pack in packs for i in pack.predicted if able(pack, i)]
        self.rng = np.random.default_rng(seed)
        if not self.clips:
            raise CorpusError(f"no clip of the packs has {frames} frames: give fewer frames, or other packs")
        if predicted and not self.made:
            raise CorpusError("predicted: no pack has a synthesizer's mels: run voxproof.training.predict_mels")

    def draw(self, size: int) -> tuple[Tensor, Tensor]:
        """Log-mel `(size, frames, n_mels)` and samples in [-1, 1] `(size, (frames - 1) * hop)`."""
        pairs = [self._crop() for _ in range(size)]
        mels, waveforms = (torch.from_numpy(np.stack(part)) for part in zip(*pairs, strict=True))
        return mels, waveforms

    def _crop(self) -> tuple[np.ndarray, np.ndarray]:
        blurred = self.rng.random() < self.predicted
        clips = self.made if blurred else self.clips
        pack, i = clips[int(self.rng.integers(len(clips)))]
        start = int(self.rng.integers(pack.rows[i]["frames"] - self.frames + 1))
        samples = pack.samples(i, start, self.frames - 1)
        mel = (pack.predicted_mel(i) if blurred else pack.mel(i))[start : start + self.frames]
        if not blurred:
            gain = 10 ** (self.rng.uniform(*_LEVELS) / 20)
            gain = min(gain, _PEAK / max(float(np.abs(samples).max()), 1e-6))
            mel = np.maximum(mel + np.float32(np.log(gain)), np.float32(_LOG_FLOOR))
            samples = samples * np.float32(gain)
        return mel, samples
