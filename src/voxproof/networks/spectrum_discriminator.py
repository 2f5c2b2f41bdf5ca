"""Tells a vocoder's magnitude spectrograms from those of speech, patch by patch.

A discriminator of linear spectrograms as in UnivNet (arXiv 2106.07889), for one resolution, the project's own.
Harmonics stand five bins apart in a low voice, so every layer looks along frequency farther than along time.
"""

from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class SpectrumDiscriminatorConfig:
    """Sizes of the network: channels and strides (frames, bins) of each layer."""

    channels: tuple[int, ...] = (16, 32, 48)
    strides: tuple[tuple[int, int], ...] = ((1, 2), (2, 3), (2, 2))
    kernel: tuple[int, int] = (3, 9)


class SpectrumDiscriminator(nn.Module):
    """Convolutions that shrink both axes, and one judgement a patch."""

    def __init__(self, config: SpectrumDiscriminatorConfig = SpectrumDiscriminatorConfig()) -> None:
        super().__init__()
        around = (config.kernel[0] // 2, config.kernel[1] // 2)
        sizes = pairwise([1, *config.channels])
        self.layers = nn.ModuleList(
            nn.utils.parametrizations.weight_norm(nn.Conv2d(before, after, config.kernel, stride, around))
            for (before, after), stride in zip(sizes, config.strides, strict=True)
        )
        self.judge = nn.Conv2d(config.channels[-1], 1, 3, padding=1)

    def forward(self, log_magnitude: Tensor) -> tuple[Tensor, list[Tensor]]:
        """`(batch, frames, n_bins)` -> judgements `(batch, patches)` and the maps of every layer."""
        x = log_magnitude.unsqueeze(1)
        maps = []
        for layer in self.layers:
            x = functional.leaky_relu(layer(x), 0.2)
            maps.append(x)
        return self.judge(x).flatten(1), maps
