"""What a synthesizer pays for sounding like somebody else: speaker consistency (YourTTS, arXiv 2112.02418), on mels.

Along the recording's own timing and pitch, a crop of the mel that was made and the same crop of the recording's are
heard by the voice encoder, whose weights stay as they are; the loss is one minus the cosine of the two embeddings. The
encoder that judges clones in the end has no part in it.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from voxproof.networks.cantor import MEL_MEAN, MEL_SCALE
from voxproof.networks.student_encoder import StudentEncoder
from voxproof.speakers import CONDITIONING
from voxproof.training.graph_weights import fill_from_card


class SpeakerLoss:
    """One minus the cosine, weighted. `config`: weight, frames (of a crop), encoder (a card of a `StudentEncoder`)."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.weight, self.frames = float(config.get("weight", 0.3)), int(config.get("frames", 160))
        self.net = StudentEncoder()
        fill_from_card(self.net, str(config.get("encoder", CONDITIONING)))
        self.net.eval().requires_grad_(False)

    def __call__(self, made: Tensor, real: Tensor, frames: list[int]) -> Tensor:
        """Mels are normalised, `(batch, frames, n_mels)`; `frames` says how long each clip is.

        Clips shorter than a crop are left out; without any that is long enough the loss is 0.
        """
        kept = [k for k, length in enumerate(frames) if length >= self.frames]
        if not kept:
            return made.sum() * 0
        starts = [int(torch.randint(0, frames[k] - self.frames + 1, ())) for k in kept]
        crops = [
            torch.stack([mel[k, start : start + self.frames] for k, start in zip(kept, starts, strict=True)])
            for mel in (made, real)
        ]
        heard, wanted = (self.net((crop * MEL_SCALE + MEL_MEAN).transpose(1, 2)) for crop in crops)
        return self.weight * (1.0 - (heard * wanted).sum(1)).mean()
