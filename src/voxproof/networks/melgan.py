"""MelGAN's generator (Kumar et al., arXiv 1910.06711): transposed convolutions and stacks of dilated residual layers.

The paper's network makes 256 samples of a frame at 22.05 kHz by steps of 8, 8, 2 and 2. Ours makes 200 at 16 kHz by
steps of 10, 5, 2 and 2, its kernels twice as long as before: 4.58 M parameters, the paper's 4.26 M and what the first
step's longer kernel adds.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from voxproof.features import MEL
from voxproof.networks.upsampling import Upsample, channels_first, check_strides, from_first_to_last_frame, normed

_SLOPE = 0.2  # of leaky ReLU
_DEVIATION = 0.02  # of first weights


@dataclass(frozen=True)
class MelGanConfig:
    """Sizes; all but `strides` are the paper's."""

    n_mels: int = MEL.n_mels
    channels: int = 512  # halved at every step up
    strides: tuple[int, ...] = (10, 5, 2, 2)
    dilations: tuple[int, ...] = (1, 3, 9)  # of a stack's three residual layers, whose kernel is 3


def _convolution(inputs: int, outputs: int, kernel: int, dilation: int = 1) -> nn.Module:
    """A convolution that keeps the length; what lies beyond the edges is the sound mirrored."""
    padding = dilation * (kernel - 1) // 2
    mode = "reflect" if padding else "zeros"
    layer = nn.Conv1d(inputs, outputs, kernel, dilation=dilation, padding=padding, padding_mode=mode)
    return normed(layer, _DEVIATION)


class ResidualLayer(nn.Module):
    """A dilated convolution and a pointwise one, beside a pointwise shortcut. `(batch, channels, n)` in and out."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.dilated = _convolution(channels, channels, 3, dilation)
        self.pointwise = _convolution(channels, channels, 1)
        self.shortcut = _convolution(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        y = self.dilated(F.leaky_relu(x, _SLOPE))
        return self.shortcut(x) + self.pointwise(F.leaky_relu(y, _SLOPE))


class MelGan(nn.Module):
    """Log-mel `(batch, frames, n_mels)` -> waveform `(batch, (frames - 1) * hop)` in [-1, 1]; 4 frames or more."""

    def __init__(self, config: MelGanConfig = MelGanConfig()) -> None:
        super().__init__()
        check_strides(config.strides)
        widths = [config.channels // 2**step for step in range(len(config.strides) + 1)]
        self.enter = _convolution(config.n_mels, widths[0], 7)
        self.ups = nn.ModuleList(
            normed(Upsample(wide, narrow, stride), _DEVIATION)
            for (wide, narrow), stride in zip(pairwise(widths), config.strides, strict=True)
        )
        self.stacks = nn.ModuleList(
            nn.Sequential(*(ResidualLayer(width, dilation) for dilation in config.dilations)) for width in widths[1:]
        )
        self.leave = _convolution(widths[-1], 1, 7)

    def forward(self, mel: Tensor) -> Tensor:
        """See the class."""
        x = self.enter(channels_first(mel))
        for up, stack in zip(self.ups, self.stacks, strict=True):
            x = stack(up(F.leaky_relu(x, _SLOPE)))
        return from_first_to_last_frame(torch.tanh(self.leave(F.leaky_relu(x, _SLOPE))))
