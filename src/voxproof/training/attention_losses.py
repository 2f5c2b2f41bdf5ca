"""How near an attention is to the way it has to go: the guided attention loss (arXiv 1710.08969), and two figures."""

import torch
from torch import Tensor

_BAND = 0.15  # of the text's length, on either side of the diagonal


def _distance(lengths: list[int], steps: list[int], shape: torch.Size) -> tuple[Tensor, Tensor]:
    """How far each weight of an alignment is from the straight line (0 to 1), and 1 in steps that are no padding.

    Phonemes that are padding have no weight anyway.
    """
    batch, most_steps, most_phonemes = shape
    count, total = torch.tensor(lengths).reshape(-1, 1, 1), torch.tensor(steps).reshape(-1, 1, 1)
    phoneme, step = torch.arange(most_phonemes).reshape(1, 1, -1), torch.arange(most_steps).reshape(1, -1, 1)
    inside = (step < total).float()
    return (phoneme / count - step / total).abs().expand(batch, -1, -1), inside


def guided_attention(alignment: Tensor, lengths: list[int], steps: list[int], width: float = 0.2) -> Tensor:
    """Mean over steps of the weights `(batch, steps, phonemes)`, each by how far it is from the straight line.

    A weight costs `1 - exp(-d^2 / 2 width^2)` at the distance d, so that the middle of the way is free.
    """
    distance, inside = _distance(lengths, steps, alignment.shape)
    cost = 1.0 - torch.exp(-(distance**2) / (2.0 * width**2))
    return (alignment * cost * inside).sum() / sum(steps)


@torch.no_grad()
def diagonality(alignment: Tensor, lengths: list[int], steps: list[int]) -> Tensor:
    """Share of the weights within 15 % of the text of the straight line: 1 along it, about 0.28 if spread evenly."""
    distance, inside = _distance(lengths, steps, alignment.shape)
    return (alignment * inside * (distance <= _BAND)).sum() / (alignment * inside).sum()


@torch.no_grad()
def focus(alignment: Tensor, steps: list[int]) -> Tensor:
    """Mean over steps of the greatest weight (the focus rate of arXiv 1905.09263): 1 where it looks at one phoneme."""
    greatest = [own[:count].amax(dim=-1) for own, count in zip(alignment, steps, strict=True)]
    return torch.cat(greatest).mean()
