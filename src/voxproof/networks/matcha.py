"""The flow-matching decoder of Matcha-TTS (arXiv 2309.03199): noise to mel along nearly straight lines.

A U-Net of residual convolutions and transformer blocks says in which direction a half-made mel has to move. It is
trained by optimal-transport conditional flow matching (arXiv 2210.02747).
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from voxproof.networks.self_attention import SelfAttention, sinusoids_of

SIGMA_MIN = 1e-4  # the noise that is left at the end of a path
_TIME_SCALE = 1_000.0  # times are from 0 to 1; sinusoids are made for steps
_TIME_SIZE = 160


@dataclass(frozen=True)
class MatchaConfig:
    """Sizes: the paper's. `condition` is that of the frames from which the mel is made."""

    condition: int
    n_mels: int = 80
    channels: int = 256
    levels: int = 2
    middle: int = 2
    heads: int = 2
    expansion: int = 4


class ResidualBlock(nn.Module):
    """Two convolutions with group norm; the time is added between them."""

    def __init__(self, inputs: int, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv1d(inputs, channels, 3, padding=1)
        self.second = nn.Conv1d(channels, channels, 3, padding=1)
        self.norms = nn.ModuleList(nn.GroupNorm(8, channels) for _ in range(2))
        self.time = nn.Linear(4 * channels, channels)
        self.around = nn.Conv1d(inputs, channels, 1)

    def forward(self, x: Tensor, time: Tensor, mask: Tensor) -> Tensor:
        """`x` `(batch, inputs, frames)`, `time` `(batch, 4 * channels)`, `mask` `(batch, 1, frames)`."""
        y = F.mish(self.norms[0](self.first(x * mask))) * mask
        y = y + self.time(F.mish(time)).unsqueeze(-1)
        y = F.mish(self.norms[1](self.second(y * mask))) * mask
        out: Tensor = y + self.around(x * mask)
        return out


class SnakeBeta(nn.Module):
    """x + sin(a x)^2 / b with learned a and b of each channel (arXiv 2206.04658), kept positive by exponentials."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.log_frequency = nn.Parameter(torch.zeros(channels))
        self.log_size = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """`(..., channels)` in and out."""
        return x + torch.sin(x * self.log_frequency.exp()).square() / (self.log_size.exp() + 1e-9)


class TransformerBlock(nn.Module):
    """Self-attention and a feed-forward layer, each behind a norm and around a residual."""

    def __init__(self, channels: int, heads: int, expansion: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(channels) for _ in range(2))
        self.attention = SelfAttention(channels, heads)
        self.forth = nn.Linear(channels, expansion * channels)
        self.activation = SnakeBeta(expansion * channels)
        self.back = nn.Linear(expansion * channels, channels)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x` `(batch, channels, frames)`, `mask` `(batch, 1, frames)`."""
        y, keep = x.transpose(1, 2), mask.transpose(1, 2)
        y = y + self.attention(self.norms[0](y), keep)
        y = y + self.back(self.activation(self.forth(self.norms[1](y))))
        return (y * keep).transpose(1, 2)


class Stage(nn.Module):
    """A residual block and a transformer block at one resolution."""

    def __init__(self, inputs: int, config: MatchaConfig) -> None:
        super().__init__()
        self.residual = ResidualBlock(inputs, config.channels)
        self.transformer = TransformerBlock(config.channels, config.heads, config.expansion)

    def forward(self, x: Tensor, time: Tensor, mask: Tensor) -> Tensor:
        """Shapes as in the two blocks."""
        out: Tensor = self.transformer(self.residual(x, time, mask), mask)
        return out


class FlowDecoder(nn.Module):
    """`forward` is the velocity, `loss` what it learns from; who speaks calls `forward` in a few Euler steps."""

    def __init__(self, config: MatchaConfig) -> None:
        super().__init__()
        self.config = config
        c = config.channels
        self.time = nn.Sequential(nn.Linear(_TIME_SIZE, 4 * c), nn.SiLU(), nn.Linear(4 * c, 4 * c))
        self.down = nn.ModuleList(
            Stage(config.n_mels + config.condition if level == 0 else c, config) for level in range(config.levels)
        )
        self.downsample = nn.ModuleList(nn.Conv1d(c, c, 3, stride=2, padding=1) for _ in range(config.levels - 1))
        self.middle = nn.ModuleList(Stage(c, config) for _ in range(config.middle))
        self.up = nn.ModuleList(Stage(2 * c, config) for _ in range(config.levels))
        self.upsample = nn.ModuleList(
            nn.ConvTranspose1d(c, c, 4, stride=2, padding=1) for _ in range(config.levels - 1)
        )
        self.last = nn.Conv1d(c, c, 3, padding=1)
        self.last_norm = nn.GroupNorm(8, c)
        self.leave = nn.Conv1d(c, config.n_mels, 1)

    def forward(self, x: Tensor, frames: Tensor, time: Tensor, mask: Tensor) -> Tensor:
        """Velocity like `x` `(batch, frames, n_mels)` at `time` `(batch,)`, 0 (noise) to 1 (mel).

        `frames` `(batch, frames, condition)`, `mask` `(batch, frames, 1)`. The number of frames is a multiple of two to
        the power `levels - 1`.
        """
        t = self.time(sinusoids_of(time * _TIME_SCALE, _TIME_SIZE))
        y = torch.cat([x, frames], dim=-1).transpose(1, 2)
        keep = mask.transpose(1, 2)
        kept, masks = [], [keep]
        for level, stage in enumerate(self.down):
            y = stage(y, t, masks[-1])
            kept.append(y)
            if level < len(self.downsample):
                y = self.downsample[level](y * masks[-1])
                masks.append(masks[-1][:, :, ::2])
        for stage in self.middle:
            y = stage(y, t, masks[-1])
        for level, stage in enumerate(self.up):
            y = stage(torch.cat([y, kept.pop()], dim=1), t, masks[-1])
            if level < len(self.upsample):
                y = self.upsample[level](y * masks.pop())
        y = F.mish(self.last_norm(self.last(y * keep))) * keep
        out: Tensor = self.leave(y) * keep
        return out.transpose(1, 2)

    def loss(self, mel: Tensor, frames: Tensor, mask: Tensor) -> Tensor:
        """Squared error of the velocity at a random time on the way from noise to `mel` `(batch, frames, n_mels)`."""
        time = torch.rand(mel.shape[0], device=mel.device)
        noise = torch.randn_like(mel)
        t = time.reshape(-1, 1, 1)
        x = (1.0 - (1.0 - SIGMA_MIN) * t) * noise + t * mel
        error = (self(x, frames, time, mask) - (mel - (1.0 - SIGMA_MIN) * noise)).square()
        return (error * mask).sum() / (mask.sum() * mel.shape[-1])
