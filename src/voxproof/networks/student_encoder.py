"""Our conditioning encoder: a small ConvNeXt over log-mel that learns another encoder's space (GE2E's) by distillation.

Unlike ECAPA-TDNN it keeps the mean of every band, which carries the voice's colour that a synthesizer needs; the front
end has brought the level to one value before.
"""

from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn
from torch.nn import functional as F

from voxproof.networks.convnext import ConvNeXtBlock
from voxproof.networks.pooling import AttentiveStatistics

# About the mean and the deviation of the log-mel of level-normalised speech; the inputs become numbers near one.
LOG_MEL_MEAN = -5.0
LOG_MEL_DEVIATION = 2.5


@dataclass(frozen=True)
class StudentEncoderConfig:
    """Sizes: 2.8 M parameters."""

    n_mels: int = 80
    channels: int = 256
    hidden: int = 768
    depth: int = 6
    kernel: int = 7
    stride: int = 2  # frames that the first convolution steps: 40 frames a second remain
    attention: int = 128
    dim: int = 256


class StudentEncoder(nn.Module):
    """Log-mel -> unit-norm embedding."""

    def __init__(self, config: StudentEncoderConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or StudentEncoderConfig()
        self.first = nn.Conv1d(config.n_mels, config.channels, 5, stride=config.stride, padding=2)
        self.first_norm = nn.LayerNorm(config.channels)
        self.blocks = nn.ModuleList(
            ConvNeXtBlock(config.channels, config.hidden, config.kernel, depth=config.depth)
            for _ in range(config.depth)
        )
        self.last_norm = nn.LayerNorm(config.channels)
        self.pool = AttentiveStatistics(config.channels, config.attention)
        self.project = nn.Linear(2 * config.channels, config.dim)

    def forward(self, log_mel: Tensor) -> Tensor:
        """`(batch, n_mels, frames)` -> `(batch, dim)`, each of length one."""
        x = self.first((log_mel - LOG_MEL_MEAN) / LOG_MEL_DEVIATION)
        x = self.first_norm(x.transpose(1, 2))
        for block in self.blocks:
            x = block(x)
        pooled = self.pool(self.last_norm(x).transpose(1, 2))
        return F.normalize(cast(Tensor, self.project(pooled)), dim=1, eps=1e-8)
