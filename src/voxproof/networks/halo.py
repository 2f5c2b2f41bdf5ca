"""Halo: from the bands of 16 kHz speech to how loud 8 to 12 kHz is.

Above 8 kHz speech is nearly all noise, and the ear follows its envelope alone. So the network says one number a band
and frame, and the waveform is made of the band below, mirrored (`voxproof.bandwidth_extension.spectrum`): nothing in it
can ring, and the gain has a ceiling, so that nothing becomes loud where nothing was.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from voxproof.networks.convnext import ConvNeXtBlock

_CEILING = 2.3  # of log amplitude: 20 dB above the mirrored band, which a fricative needs and hiss does not get
_START = -1.0  # log gain of a network that has learned nothing


@dataclass(frozen=True)
class HaloConfig:
    """Sizes of the network."""

    low_bands: int = 32
    high_bands: int = 16
    channels: int = 64
    hidden: int = 192
    blocks: int = 3
    kernel: int = 5

    @property
    def context(self) -> int:
        """Frames to either side that a frame's gains depend on."""
        return self.blocks * (self.kernel // 2)


class Halo(nn.Module):
    """`forward(bands)`: log amplitudes `(batch, frames, low_bands)` to log gains `(batch, frames, high_bands)`."""

    def __init__(self, config: HaloConfig = HaloConfig()) -> None:
        super().__init__()
        self.enter = nn.Linear(config.low_bands, config.channels)
        self.blocks = nn.ModuleList(
            ConvNeXtBlock(config.channels, config.hidden, config.kernel, depth=config.blocks)
            for _ in range(config.blocks)
        )
        self.norm = nn.LayerNorm(config.channels, eps=1e-6)
        self.leave = nn.Linear(config.channels, config.high_bands)
        start = torch.tensor(_CEILING - _START).expm1().log()
        nn.init.constant_(self.leave.bias, float(start))

    def forward(self, bands: Tensor) -> Tensor:
        """See the class."""
        x = self.enter(bands / 3.0 + 1.0)
        for block in self.blocks:
            x = block(x)
        return _CEILING - F.softplus(self.leave(self.norm(x)))
