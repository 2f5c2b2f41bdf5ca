"""WaveNet (arXiv 1609.03499): each sample's distribution from all samples before it, by dilated causal convolutions.

Conditioned on the mel as in Tacotron 2 (arXiv 1712.05884). The output is a mixture of logistics over 16-bit levels
(arXiv 1701.05517) or a categorical distribution over mu-law levels. The default sizes are those of the WaveNet that
WaveGlow is compared with (arXiv 1811.00002): 24 layers in 4 cycles of dilations, 25 M parameters.
"""

import math
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from voxproof.features import MEL
from voxproof.networks.cantor import MEL_MEAN, MEL_SCALE
from voxproof.networks.frame_upsampling import FrameUpsampling
from voxproof.networks.mixture_of_logistics import log_probability

_FIRST_SCALE = 0.01  # of the logistics before training; from wider ones learning takes longer
_HEARD = {"logistics": 0.06, "categorical": 0.4}  # root mean square of speech on the axis of the levels


@dataclass(frozen=True)
class WaveNetConfig:
    """Sizes of the network. `upsample` and `repeat` multiply to the hop; repeated places share their condition."""

    n_mels: int = MEL.n_mels
    output: Literal["logistics", "categorical"] = "logistics"
    levels: int = 65_536  # even ones for logistics, those of the mu law for categorical
    mixtures: int = 10
    layers: int = 24
    cycles: int = 4
    kernel: int = 3
    residual: int = 512
    gates: int = 256
    skip: int = 256
    condition: int = 80
    upsample: tuple[int, ...] = (10, 20)
    repeat: int = 1

    @property
    def dilations(self) -> tuple[int, ...]:
        """Of each layer: 1, 2, 4, ... in every cycle."""
        length = self.layers // self.cycles
        return tuple(2 ** (layer % length) for layer in range(self.layers))

    @property
    def outputs(self) -> int:
        """Numbers that describe the distribution of one sample."""
        return 3 * self.mixtures if self.output == "logistics" else self.levels

    @property
    def hop(self) -> int:
        """Samples a frame."""
        return math.prod(self.upsample) * self.repeat


class GatedBlock(nn.Module):
    """A dilated causal convolution, its gate, a residual and a skip connection.

    `forward(x, condition)`: x `(batch, residual, samples)`, condition `(batch, condition, places)`, each place for
    `repeat` samples. Returns the next block's x and the skip `(batch, skip, samples)`. The last block has no next one.
    """

    def __init__(self, config: WaveNetConfig, dilation: int, last: bool) -> None:
        super().__init__()
        self.reach = (config.kernel - 1) * dilation
        self.repeat = config.repeat
        self.dilated = nn.Conv1d(config.residual, 2 * config.gates, config.kernel, dilation=dilation)
        self.condition = nn.Conv1d(config.condition, 2 * config.gates, 1, bias=False)
        self.residual = None if last else nn.Conv1d(config.gates, config.residual, 1, bias=False)
        self.skip = nn.Conv1d(config.gates, config.skip, 1)

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        shaped = self.condition(condition).repeat_interleave(self.repeat, dim=2)[:, :, : x.shape[2]]
        signal, gate = (self.dilated(F.pad(x, (self.reach, 0))) + shaped).chunk(2, dim=1)
        gated = torch.tanh(signal) * torch.sigmoid(gate)
        return x if self.residual is None else x + self.residual(gated), self.skip(gated)


class WaveNet(nn.Module):
    """`forward(mel, heard)`: the distribution of each sample given those before it and the mel.

    mel `(batch, frames, n_mels)`; heard `(batch, (frames - 1) * hop)` whole levels. Returns
    `(batch, outputs, samples)`: what describes the distribution of sample t, which depends on samples before t alone.
    """

    def __init__(self, config: WaveNetConfig = WaveNetConfig()) -> None:
        super().__init__()
        self.config = config
        self.context = nn.Conv1d(config.n_mels, config.condition, 3, padding=1)
        self.upsampling = nn.ModuleList(
            FrameUpsampling(config.condition, config.condition, stride) for stride in config.upsample
        )
        self.enter = nn.Conv1d(1, config.residual, 1)
        self.blocks = nn.ModuleList(
            GatedBlock(config, dilation, layer == config.layers - 1) for layer, dilation in enumerate(config.dilations)
        )
        self.hidden = nn.Conv1d(config.skip, config.skip, 1)
        self.leave = nn.Conv1d(config.skip, config.outputs, 1)
        with torch.no_grad():
            self.enter.weight /= _HEARD[config.output]
            if config.output == "logistics":
                self.leave.bias[2 * config.mixtures :] = math.log(_FIRST_SCALE)

    def places(self, mel: Tensor) -> Tensor:
        """The mel on the grid of the conditions, `(batch, condition, frames * hop / repeat)`."""
        x: Tensor = self.context(((mel - MEL_MEAN) / MEL_SCALE).transpose(1, 2))
        for upsampling in self.upsampling:
            x = F.leaky_relu(upsampling(x), 0.4)
        return x

    def forward(self, mel: Tensor, heard: Tensor) -> Tensor:
        """See the class."""
        places = self.places(mel)
        waveform = 2.0 * heard.to(mel.dtype) / (self.config.levels - 1) - 1.0
        x = self.enter(F.pad(waveform[:, None, :-1], (1, 0)))
        skips = x.new_zeros(())
        for block in self.blocks:
            x, skip = block(x, places)
            skips = skips + skip
        parameters: Tensor = self.leave(F.relu(self.hidden(F.relu(skips))))
        return parameters

    def nats(self, mel: Tensor, heard: Tensor) -> Tensor:
        """Negative log-likelihood of each sample's level, in nats, `(batch, samples)`."""
        parameters = self(mel, heard)
        if self.config.output == "categorical":
            return F.cross_entropy(parameters, heard, reduction="none")
        return -log_probability(parameters, heard, self.config.levels)
