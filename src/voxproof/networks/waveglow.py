"""WaveGlow (arXiv 1811.00002): an invertible network between speech and Gaussian noise, conditioned on the mel.

Eight samples are one vector. Each flow mixes its channels by an invertible 1x1 convolution and then scales and shifts
one half by what a WaveNet without causality makes of the other half and the mel; some channels leave early. Training
turns speech to noise, whose likelihood is exact; speaking turns noise to speech, all samples at once. The paper says
512 channels; the network published with it, of 87.9 M parameters, has 256, as is the default here.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from voxproof.features import MEL
from voxproof.networks.cantor import MEL_MEAN, MEL_SCALE
from voxproof.networks.frame_upsampling import FrameUpsampling

_HEARD = 0.06  # root mean square of speech; what the flows see has 1, as the noise has


@dataclass(frozen=True)
class WaveGlowConfig:
    """Sizes of the network. `condition` channels (the paper's: mels x group) come out of the mel's upsampling."""

    n_mels: int = MEL.n_mels
    hop: int = MEL.hop
    group: int = 8  # samples a vector
    flows: int = 12
    early_every: int = 4  # flows
    early_size: int = 2  # channels that leave
    layers: int = 8
    kernel: int = 3
    channels: int = 256
    condition: int = 640


class InvertibleMixing(nn.Module):
    """An invertible 1x1 convolution, a rotation before training (Glow, arXiv 1807.03039)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.linalg.qr(torch.randn(channels, channels))[0])

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x `(batch, channels, groups)`, mixed, and the log-determinant for each group, a number."""
        return torch.matmul(self.weight, x), torch.linalg.slogdet(self.weight)[1]


class CouplingNetwork(nn.Module):
    """The WaveNet in a coupling: `forward(x, condition)` gives log scale and shift of the other half.

    x `(batch, channels, groups)`, condition `(batch, condition, groups)`; both results have the shape of x.
    """

    def __init__(self, half: int, config: WaveGlowConfig) -> None:
        super().__init__()
        self.enter = nn.Conv1d(half, config.channels, 1)
        self.dilated, self.condition, self.leave = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for layer in range(config.layers):
            reach = 2**layer * (config.kernel - 1) // 2
            self.dilated.append(
                nn.Conv1d(config.channels, 2 * config.channels, config.kernel, dilation=2**layer, padding=reach)
            )
            self.condition.append(nn.Conv1d(config.condition, 2 * config.channels, 1))
            last = layer == config.layers - 1
            self.leave.append(nn.Conv1d(config.channels, config.channels if last else 2 * config.channels, 1))
        self.end = nn.Conv1d(config.channels, 2 * half, 1)
        nn.init.zeros_(self.end.weight)
        nn.init.zeros_(self.end.bias)

    def forward(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        x = self.enter(x)
        skips = torch.zeros_like(x)
        for layer, (dilated, conditioned) in enumerate(zip(self.dilated, self.condition, strict=True)):
            signal, gate = (dilated(x) + conditioned(condition)).chunk(2, dim=1)
            left = self.leave[layer](torch.tanh(signal) * torch.sigmoid(gate))
            if layer < len(self.dilated) - 1:
                residual, left = left.chunk(2, dim=1)
                x = x + residual
            skips = skips + left
        log_scale, shift = self.end(skips).chunk(2, dim=1)
        return log_scale, shift


class WaveGlow(nn.Module):
    """`forward(mel, samples)`: speech to noise. mel `(batch, frames, n_mels)`, samples `(batch, (frames - 1) * hop)`.

    Returns the noise `(batch, group, groups)`, early outputs first, and the log-determinant of the Jacobian
    `(batch,)`. `inverse` goes the other way.
    """

    def __init__(self, config: WaveGlowConfig = WaveGlowConfig()) -> None:
        super().__init__()
        self.config = config
        self.upsampling = FrameUpsampling(config.n_mels, config.condition, config.hop // config.group, overlap=4)
        self.mixings, self.couplings = nn.ModuleList(), nn.ModuleList()
        left = config.group
        for flow in range(config.flows):
            left -= config.early_size if self._leaves_early(flow) else 0
            self.mixings.append(InvertibleMixing(left))
            self.couplings.append(CouplingNetwork(left // 2, config))

    def _leaves_early(self, flow: int) -> bool:
        return flow > 0 and flow % self.config.early_every == 0

    def _condition(self, mel: Tensor, groups: int) -> Tensor:
        upsampled: Tensor = self.upsampling(((mel - MEL_MEAN) / MEL_SCALE).transpose(1, 2))
        return upsampled[:, :, :groups]

    def forward(self, mel: Tensor, samples: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        x = (samples / _HEARD).unflatten(1, (-1, self.config.group)).transpose(1, 2)
        groups = x.shape[2]
        condition = self._condition(mel, groups)
        noise, determinant = [], x.new_full((len(x),), -samples.shape[1] * math.log(_HEARD))
        for flow, (mixing, coupling) in enumerate(zip(self.mixings, self.couplings, strict=True)):
            if self._leaves_early(flow):
                noise.append(x[:, : self.config.early_size])
                x = x[:, self.config.early_size :]
            x, per_group = mixing(x)
            kept, changed = x.chunk(2, dim=1)
            log_scale, shift = coupling(kept, condition)
            x = torch.cat([kept, changed * log_scale.exp() + shift], dim=1)
            determinant = determinant + groups * per_group + log_scale.sum(dim=(1, 2))
        return torch.cat([*noise, x], dim=1), determinant

    def inverse(self, mel: Tensor, noise: Tensor, unmixings: list[Tensor] | None = None) -> Tensor:
        """Noise `(batch, group, groups)` to samples `(batch, groups * group)`.

        `unmixings` are the inverses of the mixings' matrices, for whoever computes them beforehand.
        """
        unmixings = unmixings or [torch.linalg.inv(mixing.weight) for mixing in self.mixings]
        condition = self._condition(mel, noise.shape[2])
        early = self.config.early_size * sum(map(self._leaves_early, range(self.config.flows)))
        x = noise[:, early:]
        for flow in reversed(range(self.config.flows)):
            kept, changed = x.chunk(2, dim=1)
            log_scale, shift = self.couplings[flow](kept, condition)
            x = torch.matmul(unmixings[flow], torch.cat([kept, (changed - shift) * (-log_scale).exp()], dim=1))
            if self._leaves_early(flow):
                early -= self.config.early_size
                x = torch.cat([noise[:, early : early + self.config.early_size], x], dim=1)
        return _HEARD * x.transpose(1, 2).flatten(1)

    def nats(self, mel: Tensor, heard: Tensor) -> Tensor:
        """Negative log-likelihood of 16-bit levels 0 to 65,535 `(batch, samples)`, in nats a sample, `(batch,)`.

        A level is an interval of the samples' axis: a place in it is drawn, and its density times the interval's width
        is a lower bound of the level's probability, as for every continuous model of discrete sound.
        """
        samples = (heard + torch.rand(heard.shape, device=heard.device)) / 32_768.0 - 1.0
        noise, determinant = self(mel, samples)
        density = determinant - 0.5 * (noise**2 + math.log(2.0 * math.pi)).sum(dim=(1, 2))
        return math.log(32_768.0) - density / heard.shape[1]


class WaveGlowInverse(nn.Module):
    """The way that speaks, alone: `forward(mel, noise)` as `WaveGlow.inverse`."""

    def __init__(self, net: WaveGlow) -> None:
        super().__init__()
        self.net = net
        self.unmixings = [torch.linalg.inv(mixing.weight.detach()) for mixing in net.mixings]

    def forward(self, mel: Tensor, noise: Tensor) -> Tensor:
        """mel `(batch, frames, n_mels)`, noise `(batch, group, groups)`; returns `(batch, groups * group)`."""
        return self.net.inverse(mel, noise, self.unmixings)
