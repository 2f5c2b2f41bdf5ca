"""What generator and discriminator of a waveform play for: least squares or hinge, and feature matching."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor

from voxproof.networks.waveform_discriminators import Judgement


class Game(NamedTuple):
    """Losses of single scores: the discriminator's of real and of made speech, the generator's of made speech."""

    real: Callable[[Tensor], Tensor]
    made: Callable[[Tensor], Tensor]
    generator: Callable[[Tensor], Tensor]


GAMES = {
    # arXiv 1611.04076, in HiFi-GAN
    "least-squares": Game(lambda s: (1 - s) ** 2, lambda s: s**2, lambda s: (1 - s) ** 2),
    # arXiv 1705.02894, in MelGAN
    "hinge": Game(lambda s: F.relu(1 - s), lambda s: F.relu(1 + s), lambda s: -s),
}


def discriminator_loss(game: Game, real: Sequence[Judgement], made: Sequence[Judgement]) -> Tensor:
    """The sum over discriminators; lower where real and made speech are told apart better."""
    parts = [game.real(r.scores).mean() + game.made(m.scores).mean() for r, m in zip(real, made, strict=True)]
    return sum(parts[1:], parts[0])


def generator_loss(game: Game, made: Sequence[Judgement]) -> Tensor:
    """The sum over discriminators; lower where made speech passes for real."""
    parts = [game.generator(judgement.scores).mean() for judgement in made]
    return sum(parts[1:], parts[0])


def feature_matching_loss(real: Sequence[Judgement], made: Sequence[Judgement]) -> Tensor:
    """Mean absolute difference of what the discriminators' layers hold, summed over layers (arXiv 1910.06711)."""
    parts = [
        (of_made - of_real).abs().mean()
        for r, m in zip(real, made, strict=True)
        for of_real, of_made in zip(r.features, m.features, strict=True)
    ]
    return sum(parts[1:], parts[0])
