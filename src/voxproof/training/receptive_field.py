"""How many frames on either side of a sample a vocoder listens to, measured by where the gradient goes."""

import copy

import torch
from torch import nn

from voxproof.features import MEL

_FIRST, _LAST = 32, 512  # frames on either side that are tried


def receptive_field(vocoder: nn.Module, n_mels: int = MEL.n_mels, hop: int = MEL.hop) -> int | None:
    """Frames before and after its own that a sample depends on at most; None if there is no bound below 512.

    `vocoder` takes log-mel `(1, frames, n_mels)` and gives `(1, (frames - 1) * hop)`. Sample n lies between frames
    n // hop and n // hop + 1; what is said of it is how far the farther of all that matter is from n / hop, rounded up.
    """
    network = copy.deepcopy(vocoder).double().eval()
    generator = torch.Generator().manual_seed(0)
    side = _FIRST
    while side <= _LAST:
        mel = torch.randn(1, 2 * side + 1, n_mels, dtype=torch.float64, generator=generator) - 5.0
        mel.requires_grad_()
        made = network(mel)[0, side * hop : (side + 1) * hop]
        # Random weights, since samples of one hop could cancel one another.
        (made * torch.randn(made.shape, dtype=torch.float64, generator=generator)).sum().backward()
        assert mel.grad is not None
        heard = torch.nonzero(mel.grad[0].abs().sum(1))[:, 0]
        reach = max(side - int(heard.min()), int(heard.max()) - side)
        if reach < side:
            return reach
        side *= 2
    return None
