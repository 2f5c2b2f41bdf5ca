"""The other side of a GAN: a discriminator with an optimiser of its own, and what it makes the generator pay."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from voxproof.errors import CorpusError
from voxproof.networks.waveform_discriminators import WaveformDiscriminator
from voxproof.training.gan_losses import GAMES, discriminator_loss, feature_matching_loss, generator_loss
from voxproof.training.loop import Loop

BETAS = (0.8, 0.99)  # of both optimisers (arXiv 2010.05646)
_CLIP = 10.0  # norm of a discriminator's gradient


class Start:
    """When the adversary enters: `{"minutes": 20}`, `{"steps": 0}`, or never (None)."""

    def __init__(self, wanted: Mapping[str, Any] | None) -> None:
        if wanted is not None and (not isinstance(wanted, Mapping) or [*wanted] not in (["minutes"], ["steps"])):
            raise CorpusError(f"adversarial_from: {wanted!r}: give minutes: M or steps: N, or leave it out")
        self.wanted = wanted

    def reached(self, loop: Loop) -> bool:
        """Whether the training is so far."""
        if self.wanted is None:
            return False
        if "minutes" in self.wanted:
            return loop.minutes >= float(self.wanted["minutes"])
        return loop.step >= int(self.wanted["steps"])


class Adversary:
    """`learn` is the discriminator's step, `cost` what the generator then pays; both in that order, every step."""

    def __init__(self, discriminator: WaveformDiscriminator, game: str) -> None:
        if game not in GAMES:
            raise CorpusError(f"game: {game!r}: there are {', '.join(GAMES)}")
        self.discriminator = discriminator
        self.optimiser = torch.optim.AdamW(discriminator.parameters(), lr=1e-4, betas=BETAS, weight_decay=1e-2)
        self.game = GAMES[game]

    def learn(self, made: Tensor, real: Tensor, rate: float) -> Tensor:
        """One step at a learning rate on waveforms `(batch, samples)`; the loss comes back."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.discriminator.requires_grad_(True)
        loss = discriminator_loss(self.game, self.discriminator(real), self.discriminator(made.detach()))
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.discriminator.parameters(), _CLIP)
        self.optimiser.step()
        return loss.detach()

    def cost(self, made: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
        """The generator's loss in the game, and that of feature matching."""
        # The gradient passes through the discriminator and leaves nothing in it.
        self.discriminator.requires_grad_(False)
        with torch.no_grad():
            of_real = self.discriminator(real)
        of_made = self.discriminator(made)
        return generator_loss(self.game, of_made), feature_matching_loss(of_real, of_made)
