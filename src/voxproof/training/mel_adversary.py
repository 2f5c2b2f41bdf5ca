"""The opponent of a synthesizer in training: least squares (arXiv 1611.04076) and feature matching (arXiv 1910.06711).

An L1 loss alone makes mels the mean of what could have been said, which is heard as a blur. The discriminator sees
windows of the mel that the synthesizer made along the recording's own timing and pitch, and the recording's.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from voxproof.networks.mel_discriminator import MelDiscriminator, MelDiscriminatorConfig


class MelAdversary:
    """A discriminator with its optimiser; it learns whenever it is asked for the synthesizer's losses."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        """`config`: learning_rate, weight (of being taken for real), matching (of the layers' distance), channels."""
        sizes = MelDiscriminatorConfig()
        self.net = MelDiscriminator(replace(sizes, channels=int(config.get("channels", sizes.channels))))
        rate = float(config.get("learning_rate", 2e-4))
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=rate, betas=(0.5, 0.9), weight_decay=1e-4)
        self.weight, self.matching = float(config.get("weight", 0.1)), float(config.get("matching", 0.2))

    def losses(self, made: Tensor, real: Tensor, embedding: Tensor, frames: list[int]) -> dict[str, Tensor]:
        """One step of the discriminator, then `adversary` and `matching` (weighted) for the synthesizer.

        Mels are normalised, `(batch, frames, n_mels)`; `frames` says how long each clip is. Clips shorter than the
        longest window are left out; without any, both losses are 0.
        """
        longest = max(self.net.config.lengths)
        kept = [k for k, length in enumerate(frames) if length >= longest]
        if not kept:
            return {"adversary": made.sum() * 0, "matching": made.sum() * 0}
        starts = torch.stack(
            [
                torch.stack([torch.randint(0, frames[k] - length + 1, ()) for k in kept])
                for length in self.net.config.lengths
            ]
        )
        made, real, embedding = made[kept], real[kept], embedding[kept]
        judged_real, _ = self.net(real, embedding, starts)
        judged_made, _ = self.net(made.detach(), embedding, starts)
        loss = torch.stack(
            [((r - 1) ** 2).mean() + (m**2).mean() for r, m in zip(judged_real, judged_made, strict=True)]
        ).mean()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()

        self.net.requires_grad_(False)
        with torch.no_grad():
            _, maps_real = self.net(real, embedding, starts)
        judged, maps = self.net(made, embedding, starts)
        self.net.requires_grad_(True)
        fooled = torch.stack([((one - 1) ** 2).mean() for one in judged]).mean()
        apart = [
            (m - r).abs().mean()
            for window_m, window_r in zip(maps, maps_real, strict=True)
            for m, r in zip(window_m, window_r, strict=True)
        ]
        return {"adversary": self.weight * fooled, "matching": self.matching * torch.stack(apart).mean()}
