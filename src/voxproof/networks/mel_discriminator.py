"""Tells a synthesizer's mels from real ones, in windows of several lengths.

A multi-length discriminator as in SyntaSpeech (arXiv 2204.11792): each window length has a small stack of convolutions
over time and frequency of its own. Whose voice the mel should be comes in as an embedding, so that a sharp mel of
another voice does not pass.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class MelDiscriminatorConfig:
    """Sizes of the network."""

    lengths: tuple[int, ...] = (32, 64, 128)  # frames
    channels: int = 48
    layers: int = 3
    embedding_size: int = 256


class WindowDiscriminator(nn.Module):
    """Convolutions that halve both axes, and one judgement a patch."""

    def __init__(self, config: MelDiscriminatorConfig) -> None:
        super().__init__()
        sizes = [1, *[config.channels] * config.layers]
        self.layers = nn.ModuleList(
            nn.utils.parametrizations.weight_norm(nn.Conv2d(before, after, 3, stride=2, padding=1))
            for before, after in pairwise(sizes)
        )
        self.voice = nn.Linear(config.embedding_size, config.channels)
        self.judge = nn.Conv2d(config.channels, 1, 1)

    def forward(self, mel: Tensor, embedding: Tensor) -> tuple[Tensor, list[Tensor]]:
        """`(batch, frames, n_mels)` -> judgements `(batch, patches)` and the maps of every layer."""
        x = mel.unsqueeze(1)
        maps = []
        for place, layer in enumerate(self.layers):
            x = layer(x)
            if place == 0:
                x = x + self.voice(embedding)[:, :, None, None]
            x = functional.leaky_relu(x, 0.2)
            maps.append(x)
        return self.judge(x).flatten(1), maps


class MelDiscriminator(nn.Module):
    """One `WindowDiscriminator` for each length."""

    def __init__(self, config: MelDiscriminatorConfig = MelDiscriminatorConfig()) -> None:
        super().__init__()
        self.config = config
        self.windows = nn.ModuleList(WindowDiscriminator(config) for _ in config.lengths)

    def forward(self, mel: Tensor, embedding: Tensor, starts: Tensor) -> tuple[list[Tensor], list[list[Tensor]]]:
        """Judgements and maps of each length.

        `mel` `(batch, frames, n_mels)` has at least as many frames as the longest window; `starts` `(lengths, batch)`
        says where each clip's window of each length begins. `embedding` `(batch, size)` is of unit norm.
        """
        scaled = embedding * embedding.shape[1] ** 0.5
        told, seen = [], []
        for window, length, first in zip(self.windows, self.config.lengths, starts, strict=True):
            place = first[:, None] + torch.arange(length)
            cut = torch.gather(mel, 1, place.unsqueeze(-1).expand(-1, -1, mel.shape[2]))
            judged, maps = window(cut, scaled)
            told.append(judged)
            seen.append(maps)
        return told, seen
