"""Segments of packed speech for vocoders that learn the waveform itself: mel and the samples that it stands for.

Frame i of the mel looks at sample `i * hop`, so `frames` frames stand for `(frames - 1) * hop` samples. The mel is that
of the whole clip: at its ends a segment's frames know what lies outside, as they do when a clip is spoken.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from voxproof.errors import CorpusError
from voxproof.features import MEL
from voxproof.training.speech_pack import SpeechPack

_QUIETEST_DB, _LOUDEST_DB = -10.0, 3.0  # of the gain at which a segment is heard
_PEAK = 0.99
_HELD_OUT = 50  # of so many clips of a pack one is held out


class Segments:
    """Random segments of clips, each at a random level; a share `predicted` of the mels is a synthesizer's.

    Every fiftieth clip is for judging: `held_out` segments are of those alone, the others never.
    """

    def __init__(
        self,
        packs: Sequence[SpeechPack],
        frames: int,
        predicted: float = 0.0,
        seed: int = 0,
        *,
        held_out: bool = False,
    ) -> None:
        self.frames = frames
        self.predicted = predicted
        self.rng = np.random.default_rng(seed)
        self.clips = [(p, i) for p in packs for i in _long_enough(p, range(len(p)), frames, held_out)]
        self.made = [(p, i) for p in packs for i in _long_enough(p, p.predicted, frames, held_out)]
        if not self.clips:
            raise CorpusError(f"no clip of the packs has {frames} frames: give fewer as the recipe's `frames`")
        if predicted and not self.made:
            raise CorpusError("predicted: no pack has a synthesizer's mels: run voxproof.training.predict_mels")

    def batch(self, size: int) -> tuple[Tensor, Tensor]:
        """Log-mel `(size, frames, n_mels)` and samples in [-1, 1] `(size, (frames - 1) * hop)`."""
        mels, waveforms = zip(*(self._segment() for _ in range(size)), strict=True)
        return torch.from_numpy(np.stack(mels)), torch.from_numpy(np.stack(waveforms))

    def _segment(self) -> tuple[np.ndarray, np.ndarray]:
        blurred = self.rng.random() < self.predicted
        clips = self.made if blurred else self.clips
        pack, i = clips[int(self.rng.integers(len(clips)))]
        # A clip's last frame looks past its end; the one before has all its samples.
        start = int(self.rng.integers(0, pack.rows[i]["frames"] - self.frames))
        samples = pack.samples(i, start, self.frames - 1)
        mel = (pack.predicted_mel(i) if blurred else pack.mel(i))[start : start + self.frames]
        if blurred:
            return mel, samples
        gain = 10 ** (self.rng.uniform(_QUIETEST_DB, _LOUDEST_DB) / 20)
        gain = min(gain, _PEAK / max(float(np.abs(samples).max()), 1e-6))
        return np.maximum(mel + np.float32(np.log(gain)), np.float32(np.log(MEL.floor))), samples * np.float32(gain)


def _long_enough(pack: SpeechPack, clips: Iterable[int], frames: int, held_out: bool) -> list[int]:
    return [i for i in clips if (i % _HELD_OUT == 0) == held_out and pack.rows[i]["frames"] > frames + 1]
