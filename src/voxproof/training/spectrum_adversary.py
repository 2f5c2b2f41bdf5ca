"""The opponent of Pulsar in training: least squares (arXiv 1611.04076) and feature matching (arXiv 1910.06711).

The spectral loss is least for the median of what a magnitude could be, and the median of noise is smooth: a regression
sounds metallic where speech hisses, the more so the blurrier the mel is that it is given.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from voxproof.networks.spectrum_discriminator import SpectrumDiscriminator


class SpectrumAdversary:
    """A discriminator with its optimiser; it learns whenever it is asked for the vocoder's losses."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        """`config`: learning_rate, weight (of being taken for real), matching (of the layers' distance)."""
        self.net = SpectrumDiscriminator()
        rate = float(config.get("learning_rate", 3e-4))
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=rate, betas=(0.5, 0.9), weight_decay=1e-4)
        self.weight, self.matching = float(config.get("weight", 0.1)), float(config.get("matching", 0.5))

    def losses(self, made: Tensor, real: Tensor) -> dict[str, Tensor]:
        """One step of the discriminator, then `adversary` and `matching` (weighted) for the vocoder.

        Both are log magnitudes, `(batch, frames, n_bins)`, with the same floor.
        """
        judged_real, maps_real = self.net(real)
        judged_made, _ = self.net(made.detach())
        loss = ((judged_real - 1) ** 2).mean() + (judged_made**2).mean()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()

        self.net.requires_grad_(False)
        judged, maps = self.net(made)
        self.net.requires_grad_(True)
        apart = [(m - r.detach()).abs().mean() for m, r in zip(maps, maps_real, strict=True)]
        return {
            "adversary": self.weight * ((judged - 1) ** 2).mean(),
            "matching": self.matching * torch.stack(apart).mean(),
        }
