"""Batches for a detector: pairs of a real and a fake clip, degraded alike, through the front end."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from voxproof.detection.front_ends import FrontEnd
from voxproof.training.augment import Augmenter
from voxproof.training.detector_data import RATE, PackedClips, PairSampler
from voxproof.training.detector_joined import JoinedClips

_GRID = 320  # samples: crops are whole frames of the spectral networks
_SPARE = RATE // 4  # samples drawn beside those needed: what fills the gap of a change of speed is cut off


class Batches:
    """`draw` gives features `(batch, ...)`, real and fake by turns, and labels `(batch,)`, 1 for fake."""

    def __init__(
        self,
        pack: PackedClips | JoinedClips,
        sampler: PairSampler,
        augmenter: Augmenter,
        front_end: FrontEnd,
        config: Mapping[str, Any],
        window: int | None = None,
    ) -> None:
        self.pack = pack
        self.sampler = sampler
        self.augmenter = augmenter
        self.front_end = front_end
        self.pairs = int(config["batch"]) // 2
        self.window = window
        self.shortest, self.longest = (float(s) for s in config.get("seconds", (1.0, 1.0)))

    def draw(self, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """The next batch; one length of crop for all of it. Both clips of a pair go through the same chain."""
        samples = self.window or int(rng.uniform(self.shortest, self.longest) * RATE) // _GRID * _GRID
        features = []
        for pair in self.sampler.pairs(self.pairs, rng):
            for place in pair:
                clip = self.augmenter(self.pack.crop(place, samples + _SPARE, rng), rng)[:samples]
                features.append(self.front_end(clip))
        return torch.from_numpy(np.stack(features)), torch.tensor([0.0, 1.0]).repeat(self.pairs)
