"""ECAPA-TDNN speaker encoder (Desplanques, Thienpondt, Demuynck, arXiv 2005.07143), in a size that trains on two cores.

Names and order (convolution, ReLU, batch norm) are the paper's; its figure 2 is `Ecapa.forward`.
"""

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from voxproof.networks.pooling import AttentiveStatistics


@dataclass(frozen=True)
class EcapaConfig:
    """Sizes. The paper's are channels 512 or 1024 and 1536 aggregated; these make 2.0 M parameters."""

    n_mels: int = 80
    channels: int = 256
    aggregated: int = 768  # channels of multi-layer feature aggregation
    dilations: tuple[int, ...] = (2, 3, 4)
    scale: int = 8  # groups of a Res2Net block
    squeeze: int = 128  # bottleneck of squeeze-excitation
    attention: int = 128  # bottleneck of the pooling's attention
    dim: int = 192


class ConvReluNorm(nn.Sequential):
    """Convolution over time that keeps the length, ReLU, batch norm."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, dilation: int = 1) -> None:
        super().__init__(
            nn.Conv1d(inputs, outputs, kernel, dilation=dilation, padding=dilation * (kernel - 1) // 2),
            nn.ReLU(),
            nn.BatchNorm1d(outputs),
        )


class Res2(nn.Module):
    """Res2Net's hierarchy (arXiv 1904.01169): each group of channels is convolved after the one before was added."""

    def __init__(self, channels: int, scale: int, dilation: int, kernel: int = 3) -> None:
        super().__init__()
        if channels % scale:
            raise ValueError(f"{channels} channels do not split into {scale} groups")
        self.scale = scale
        width = channels // scale
        self.convolutions = nn.ModuleList(ConvReluNorm(width, width, kernel, dilation) for _ in range(scale - 1))

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, channels, frames)` in and out."""
        first, *groups = x.chunk(self.scale, dim=1)
        outputs = [first]
        for index, (group, convolve) in enumerate(zip(groups, self.convolutions, strict=True)):
            outputs.append(convolve(group if index == 0 else group + outputs[-1]))
        return torch.cat(outputs, dim=1)


class SqueezeExcitation(nn.Module):
    """Channels scaled by what the whole clip says of them (arXiv 1709.01507)."""

    def __init__(self, channels: int, bottleneck: int) -> None:
        super().__init__()
        self.squeeze = nn.Linear(channels, bottleneck)
        self.excite = nn.Linear(bottleneck, channels)

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, channels, frames)` in and out."""
        gate = torch.sigmoid(self.excite(torch.relu(self.squeeze(x.mean(dim=2)))))
        return x * gate.unsqueeze(2)


class SeRes2Block(nn.Module):
    """The paper's block: 1x1, dilated Res2, 1x1, squeeze-excitation, and the input added."""

    def __init__(self, config: EcapaConfig, dilation: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            ConvReluNorm(config.channels, config.channels),
            Res2(config.channels, config.scale, dilation),
            ConvReluNorm(config.channels, config.channels),
            SqueezeExcitation(config.channels, config.squeeze),
        )

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, channels, frames)` in and out."""
        return x + cast(Tensor, self.body(x))


class Ecapa(nn.Module):
    """Log-mel -> embedding."""

    def __init__(self, config: EcapaConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or EcapaConfig()
        self.first = ConvReluNorm(config.n_mels, config.channels, kernel=5)
        self.blocks = nn.ModuleList(SeRes2Block(config, dilation) for dilation in config.dilations)
        self.aggregate = nn.Sequential(
            nn.Conv1d(config.channels * len(config.dilations), config.aggregated, 1), nn.ReLU()
        )
        self.pool = AttentiveStatistics(config.aggregated, config.attention)
        self.pool_norm = nn.BatchNorm1d(2 * config.aggregated)
        self.project = nn.Linear(2 * config.aggregated, config.dim)
        self.norm = nn.BatchNorm1d(config.dim)

    def forward(self, log_mel: Tensor) -> Tensor:
        """`(batch, n_mels, frames)` -> `(batch, dim)`, not scaled: the loss is one over angles.

        The mean of every band over the clip is subtracted, so neither level nor a fixed channel matters.
        """
        x = self.first(log_mel - log_mel.mean(dim=2, keepdim=True))
        outputs = []
        total = x
        for block in self.blocks:
            # Each block sees the sum of what all before it gave (section 3.2).
            outputs.append(block(total))
            total = total + outputs[-1]
        pooled = self.pool(self.aggregate(torch.cat(outputs, dim=1)))
        return cast(Tensor, self.norm(self.project(self.pool_norm(pooled))))


class UnitNorm(nn.Module):
    """An encoder whose embeddings are scaled to length one: what is exported."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, log_mel: Tensor) -> Tensor:
        """As the encoder inside."""
        return F.normalize(self.encoder(log_mel), dim=1, eps=1e-8)
