"""Softmax over cosines with a margin: the losses that train speaker encoders.

`additive` is AM-softmax (CosFace, arXiv 1801.05599 and 1801.09414): the margin is taken off the cosine.
`angular` is AAM-softmax (ArcFace, arXiv 1801.07698), which ECAPA-TDNN uses: the margin is added to the angle.
"""

import math
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class MarginSoftmax(nn.Module):
    """Embeddings and speakers -> loss. `margin` may be raised while training runs."""

    def __init__(
        self,
        dim: int,
        speakers: int,
        margin: float = 0.2,
        scale: float = 30.0,
        kind: Literal["additive", "angular"] = "angular",
    ) -> None:
        super().__init__()
        self.centres = nn.Parameter(torch.empty(speakers, dim))
        nn.init.xavier_normal_(self.centres)
        self.margin = margin
        self.scale = scale
        self.kind = kind

    def cosines(self, embeddings: Tensor) -> Tensor:
        """`(batch, dim)` -> cosine to every speaker's centre, `(batch, speakers)`."""
        return F.linear(F.normalize(embeddings, dim=1), F.normalize(self.centres, dim=1))

    def forward(self, embeddings: Tensor, speakers: Tensor) -> Tensor:
        """Mean cross-entropy of `(batch, dim)` embeddings and their speakers' numbers `(batch,)`."""
        cosines = self.cosines(embeddings)
        own = cosines.gather(1, speakers[:, None])
        if self.kind == "additive":
            harder = own - self.margin
        else:
            sines = (1.0 - own.square()).clamp(min=1e-7).sqrt()
            turned = own * math.cos(self.margin) - sines * math.sin(self.margin)
            # Beyond pi - margin the cosine would rise again: go on in a straight line, downwards.
            harder = torch.where(
                own > math.cos(math.pi - self.margin), turned, own - self.margin * math.sin(math.pi - self.margin)
            )
        logits = cosines.scatter(1, speakers[:, None], harder)
        return F.cross_entropy(self.scale * logits, speakers)
