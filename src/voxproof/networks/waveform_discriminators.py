"""Discriminators of waveforms: MelGAN's at several scales (arXiv 1910.06711), HiFi-GAN's of several periods too
(arXiv 2010.05646).

Each gives a score for every place that it looks at, and what its layers held, which the generator learns to match.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm


class Judgement(NamedTuple):
    """Of one discriminator: scores `(batch, places)`, and the outputs of its layers, batch first."""

    scores: Tensor
    features: list[Tensor]


class Layer(NamedTuple):
    """One convolution of a scale's discriminator."""

    channels: int
    kernel: int
    stride: int = 1
    groups: int = 1


@dataclass(frozen=True)
class ScaleConfig:
    """Discriminators of the waveform and of its halved copies."""

    layers: tuple[Layer, ...]
    scales: int = 3
    slope: float = 0.1  # of leaky ReLU
    spectral: bool = False  # spectral norm (arXiv 1802.05957) on the first scale, weight norm on the others


@dataclass(frozen=True)
class PeriodConfig:
    """Discriminators of the waveform folded at several periods."""

    periods: tuple[int, ...] = (2, 3, 5, 7, 11)
    channels: tuple[int, ...] = (32, 128, 512, 1024)  # of the layers with stride; one more keeps the last's
    slope: float = 0.1  # of leaky ReLU


MELGAN_SCALES = ScaleConfig(
    (Layer(16, 15), Layer(64, 41, 4, 4), Layer(256, 41, 4, 16), Layer(1024, 41, 4, 64), Layer(1024, 41, 4, 256),
     Layer(1024, 5)),
    slope=0.2,
)  # fmt: skip
HIFIGAN_SCALES = ScaleConfig(
    (Layer(128, 15), Layer(128, 41, 2, 4), Layer(256, 41, 2, 16), Layer(512, 41, 4, 16), Layer(1024, 41, 4, 16),
     Layer(1024, 41, 1, 16), Layer(1024, 5)),
    spectral=True,
)  # fmt: skip
HIFIGAN_PERIODS = PeriodConfig()
SMALL_PERIODS = PeriodConfig(channels=(16, 32, 64, 128))


class ScaleDiscriminator(nn.Module):
    """Convolutions over the waveform `(batch, 1, samples)`."""

    def __init__(self, config: ScaleConfig, spectral: bool) -> None:
        super().__init__()
        norm = spectral_norm if spectral else weight_norm
        self.slope = config.slope
        self.layers = nn.ModuleList()
        inputs = 1
        for layer in config.layers:
            padding = layer.kernel // 2
            convolution = nn.Conv1d(inputs, layer.channels, layer.kernel, layer.stride, padding, groups=layer.groups)
            self.layers.append(norm(convolution))
            inputs = layer.channels
        self.leave = norm(nn.Conv1d(inputs, 1, 3, padding=1))

    def forward(self, x: Tensor) -> Judgement:
        """See the class."""
        features = []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), self.slope)
            features.append(x)
        return Judgement(self.leave(x).flatten(1), features)


class PeriodDiscriminator(nn.Module):
    """Convolutions along the columns of the waveform `(batch, 1, samples)` written in rows of `period` samples."""

    def __init__(self, config: PeriodConfig, period: int) -> None:
        super().__init__()
        self.period, self.slope = period, config.slope
        widths = (1, *config.channels)
        self.layers = nn.ModuleList(
            weight_norm(nn.Conv2d(inputs, outputs, (5, 1), (3, 1), padding=(2, 0)))
            for inputs, outputs in pairwise(widths)
        )
        self.layers.append(weight_norm(nn.Conv2d(widths[-1], widths[-1], (5, 1), padding=(2, 0))))
        self.leave = weight_norm(nn.Conv2d(widths[-1], 1, (3, 1), padding=(1, 0)))

    def forward(self, x: Tensor) -> Judgement:
        """See the class."""
        x = F.pad(x, (0, -x.shape[2] % self.period), mode="reflect")
        x = x.unflatten(2, (-1, self.period))
        features = []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), self.slope)
            features.append(x)
        return Judgement(self.leave(x).flatten(1), features)


class WaveformDiscriminator(nn.Module):
    """All discriminators of one training. `forward`: waveform `(batch, samples)` -> a judgement of each."""

    def __init__(self, scales: ScaleConfig | None = None, periods: PeriodConfig | None = None) -> None:
        super().__init__()
        self.periods, self.scales = nn.ModuleList(), nn.ModuleList()
        if periods:
            self.periods.extend(PeriodDiscriminator(periods, period) for period in periods.periods)
        if scales:
            self.scales.extend(ScaleDiscriminator(scales, scales.spectral and not n) for n in range(scales.scales))

    def forward(self, waveform: Tensor) -> list[Judgement]:
        """See the class."""
        x = waveform.unsqueeze(1)
        judgements = [judge(x) for judge in self.periods]
        for judge in self.scales:
            judgements.append(judge(x))
            x = F.avg_pool1d(x, 4, 2, padding=1, count_include_pad=False)
        return judgements
