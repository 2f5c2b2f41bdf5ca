"""Pulsar: our vocoder's network. From mel and a pulse train's spectrum to the magnitude spectrum of speech.

The pulse train at f0 says exactly where the harmonics lie, the mel how strong each region is; what is left to learn is
how deep the valleys between harmonics are, a regression that a CPU trains in minutes. The waveform comes from the
magnitude with the pulse train's phase and a few projections onto consistent spectrograms (`voxproof.vocoders.phase`).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from voxproof.features import MEL, mel_filters
from voxproof.networks.convnext import ConvNeXtBlock


@dataclass(frozen=True)
class PulsarConfig:
    """Sizes of the network."""

    n_mels: int = MEL.n_mels
    n_bins: int = MEL.n_bins
    channels: int = 256
    hidden: int = 640
    blocks: int = 4
    kernel: int = 7


class Pulsar(nn.Module):
    """`forward(mel, pulses)`: both log magnitudes, `(batch, frames, n_mels)` and `(batch, frames, n_bins)`.

    Returns the log magnitude of the short-time Fourier transform, `(batch, frames, n_bins)`.
    """

    interpolate: Tensor

    def __init__(self, config: PulsarConfig = PulsarConfig()) -> None:
        super().__init__()
        filters = torch.from_numpy(mel_filters().copy())
        spread = filters / filters.sum(1, keepdim=True)
        self.register_buffer("interpolate", spread / spread.sum(0, keepdim=True).clamp_min(1e-6), persistent=False)
        self.register_buffer("area", filters.sum(1).log(), persistent=False)
        self.enter = nn.Linear(config.n_mels + config.n_bins, config.channels)
        self.blocks = nn.ModuleList(
            ConvNeXtBlock(config.channels, config.hidden, config.kernel, depth=config.blocks)
            for _ in range(config.blocks)
        )
        self.norm = nn.LayerNorm(config.channels, eps=1e-6)
        self.leave = nn.Linear(config.channels, config.n_bins)

    def forward(self, mel: Tensor, pulses: Tensor) -> Tensor:
        """The envelope that the mel gives by interpolation, corrected by the network."""
        envelope = (mel - self.area) @ self.interpolate
        x = self.enter(torch.cat([mel * 0.5 + 2.5, pulses], dim=-1))
        for block in self.blocks:
            x = block(x)
        correction: Tensor = self.leave(self.norm(x))
        return envelope + correction
