"""One-dimensional ConvNeXt blocks (arXiv 2201.03545, in the form of Vocos, arXiv 2306.00814), optionally conditioned.

Conditioning is adaptive layer norm: scale and shift of every block's normalisation come from a vector (a speaker
embedding, say).
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ConvNeXtBlock(nn.Module):
    """Depthwise convolution over time, layer norm, two pointwise layers, residual.

    `forward(x, condition=None)`: x `(batch, frames, channels)`, condition `(batch, condition_size)` or None.
    """

    def __init__(self, channels: int, hidden: int, kernel: int = 7, condition_size: int = 0, depth: int = 8) -> None:
        super().__init__()
        self.channels = channels
        self.depthwise = nn.Conv1d(channels, channels, kernel, padding=kernel // 2, groups=channels)
        self.modulation = nn.Linear(condition_size, 2 * channels) if condition_size else None
        self.norm = nn.LayerNorm(channels, eps=1e-6, elementwise_affine=not condition_size)
        self.expand = nn.Linear(channels, hidden)
        self.reduce = nn.Linear(hidden, channels)
        self.gamma = nn.Parameter(torch.full((channels,), 1.0 / depth))
        if self.modulation is not None:
            nn.init.zeros_(self.modulation.weight)
            nn.init.zeros_(self.modulation.bias)

    def forward(self, x: Tensor, condition: Tensor | None = None) -> Tensor:
        """Shapes in and out: `(batch, frames, channels)`."""
        y = self.norm(self.depthwise(x.transpose(1, 2)).transpose(1, 2))
        if self.modulation is not None and condition is not None:
            scale, shift = self.modulation(condition).unsqueeze(1).chunk(2, dim=-1)
            y = y * (1.0 + scale) + shift
        y = self.reduce(F.gelu(self.expand(y), approximate="tanh"))
        return x + self.gamma * y
