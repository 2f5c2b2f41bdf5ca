"""HiFi-GAN's generator (Kong, Kim, Bae, arXiv 2010.05646): transposed convolutions, each before a field of many shapes.

The paper's networks make 256 samples of a frame at 22.05 kHz. Ours make 200 at 16 kHz, so its upsampling rates (8, 8,
2, 2; for V3 8, 8, 4) become (5, 5, 4, 2) and (8, 5, 5), with kernels twice as long as before. Nothing else changes:
13.0, 0.87 and 1.42 M parameters stand for the paper's 13.92, 0.92 and 1.46 M.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from voxproof.features import MEL
from voxproof.networks.upsampling import Upsample, channels_first, check_strides, from_first_to_last_frame, normed

_SLOPE = 0.1  # of leaky ReLU
_DEVIATION = 0.01  # of first weights


@dataclass(frozen=True)
class HifiGanConfig:
    """Sizes; the names of the paper's table 5 are in brackets."""

    n_mels: int = MEL.n_mels
    channels: int = 512  # [h_u], halved at every step up
    strides: tuple[int, ...] = (5, 5, 4, 2)  # [half of k_u]
    kernels: tuple[int, ...] = (3, 7, 11)  # [k_r]
    dilations: tuple[tuple[int, ...], ...] = ((1, 3, 5), (1, 3, 5), (1, 3, 5))  # [D_r], a tuple a kernel
    paired: bool = True  # a convolution without dilation after each dilated one


HIFIGAN_V1 = HifiGanConfig()
HIFIGAN_V2 = HifiGanConfig(channels=128)
HIFIGAN_V3 = HifiGanConfig(
    channels=256, strides=(8, 5, 5), kernels=(3, 5, 7), dilations=((1, 2), (2, 6), (3, 12)), paired=False
)


class ResBlock(nn.Module):
    """Residual dilated convolutions of one kernel. `(batch, channels, n)` in and out."""

    def __init__(self, channels: int, kernel: int, dilations: tuple[int, ...], paired: bool) -> None:
        super().__init__()

        def convolution(dilation: int) -> nn.Module:
            layer = nn.Conv1d(channels, channels, kernel, dilation=dilation, padding=dilation * (kernel - 1) // 2)
            return normed(layer, _DEVIATION)

        self.steps = nn.ModuleList(
            nn.ModuleList([convolution(dilation), *([convolution(1)] if paired else [])]) for dilation in dilations
        )

    def forward(self, x: Tensor) -> Tensor:
        """Leaky ReLU stands before each convolution."""
        for step in self.steps:
            y = x
            for convolve in step:  # type: ignore[attr-defined]
                y = convolve(F.leaky_relu(y, _SLOPE))
            x = x + y
        return x


class MultiReceptiveField(nn.Module):
    """The mean of residual blocks of several kernels. `(batch, channels, n)` in and out."""

    def __init__(self, channels: int, config: HifiGanConfig) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            ResBlock(channels, kernel, dilations, config.paired)
            for kernel, dilations in zip(config.kernels, config.dilations, strict=True)
        )

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        total = self.blocks[0](x)
        for block in self.blocks[1:]:
            total = total + block(x)
        mean: Tensor = total / len(self.blocks)
        return mean


class HifiGan(nn.Module):
    """Log-mel `(batch, frames, n_mels)` -> waveform `(batch, (frames - 1) * hop)` in [-1, 1]."""

    def __init__(self, config: HifiGanConfig = HIFIGAN_V1) -> None:
        super().__init__()
        check_strides(config.strides)
        widths = [config.channels // 2**step for step in range(len(config.strides) + 1)]
        self.enter = normed(nn.Conv1d(config.n_mels, widths[0], 7, padding=3))
        self.ups = nn.ModuleList(
            normed(Upsample(wide, narrow, stride), _DEVIATION)
            for (wide, narrow), stride in zip(pairwise(widths), config.strides, strict=True)
        )
        self.fields = nn.ModuleList(MultiReceptiveField(width, config) for width in widths[1:])
        self.leave = normed(nn.Conv1d(widths[-1], 1, 7, padding=3), _DEVIATION)

    def forward(self, mel: Tensor) -> Tensor:
        """See the class."""
        x = self.enter(channels_first(mel))
        for up, field in zip(self.ups, self.fields, strict=True):
            x = field(up(F.leaky_relu(x, _SLOPE)))
        return from_first_to_last_frame(torch.tanh(self.leave(F.leaky_relu(x))))
