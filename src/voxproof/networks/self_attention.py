"""Multi-head self-attention (arXiv 1706.03762) and the sinusoids that tell it where a frame stands."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SelfAttention(nn.Module):
    """Every place looks at every other: `(batch, length, channels)` in and out; `mask` `(batch, length, 1)`."""

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        if channels % heads:
            raise ValueError(f"{channels} channels do not split into {heads} heads")
        self.heads = heads
        self.enter = nn.Linear(channels, 3 * channels)
        self.leave = nn.Linear(channels, channels)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Padding is not looked at; what padding itself sees is left to the caller's mask."""
        batch, length, channels = x.shape
        split = self.enter(x).reshape(batch, length, 3, self.heads, channels // self.heads).permute(2, 0, 3, 1, 4)
        unseen = (mask.reshape(batch, 1, 1, length) - 1.0) * 1e9
        seen = F.scaled_dot_product_attention(split[0], split[1], split[2], attn_mask=unseen)
        out: Tensor = self.leave(seen.transpose(1, 2).reshape(batch, length, channels))
        return out


def sinusoids(length: Tensor | int, channels: int, device: torch.device) -> Tensor:
    """Sines and cosines of positions 0 to `length` - 1, `(length, channels)`."""
    return sinusoids_of(torch.arange(length, device=device), channels)


def sinusoids_of(positions: Tensor, channels: int) -> Tensor:
    """Sines, then cosines, of positions `(n,)` at wavelengths from 2 pi to 20,000 pi: `(n, channels)`."""
    half = channels // 2
    rates = torch.exp(torch.arange(half, device=positions.device) * (-math.log(10_000.0) / (half - 1)))
    angles = positions.float().unsqueeze(1) * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)
