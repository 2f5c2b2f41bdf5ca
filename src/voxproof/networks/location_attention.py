"""Location-sensitive attention (arXiv 1506.07503) as Tacotron 2 uses it (arXiv 1712.05884)."""

import torch
from torch import Tensor, nn


class LocationSensitiveAttention(nn.Module):
    """Additive attention that also sees where it looked: its weights of the step before, and their sum over all steps.

    The energy of a phoneme is `w' tanh(W query + V state + U location + b)`; `location` comes from a convolution over
    both kinds of weights, which is what makes it move on instead of saying a phoneme again.
    """

    def __init__(self, query_size: int, memory_size: int, size: int, filters: int, kernel: int) -> None:
        super().__init__()
        self.query = nn.Linear(query_size, size, bias=False)
        self.memory = nn.Linear(memory_size, size)
        self.convolution = nn.Conv1d(2, filters, kernel, padding=kernel // 2, bias=False)
        self.location = nn.Linear(filters, size, bias=False)
        self.energy = nn.Linear(size, 1, bias=False)

    def keys(self, memory: Tensor) -> Tensor:
        """What the energies need of the encoder's states, once an utterance: `(batch, phonemes, size)`."""
        out: Tensor = self.memory(memory)
        return out

    def forward(
        self, query: Tensor, memory: Tensor, keys: Tensor, before: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """One step: the context `(batch, memory_size)` and the weights `(batch, phonemes)`.

        `query` `(batch, query_size)`, `memory` `(batch, phonemes, memory_size)`, `before` `(batch, 2, phonemes)`: the
        weights of the step before and their sum so far; `mask` `(batch, phonemes)` is 0 where it must not look.
        """
        location = self.location(self.convolution(before).transpose(1, 2))
        energies = self.energy(torch.tanh(self.query(query).unsqueeze(1) + keys + location)).squeeze(-1)
        weights = torch.softmax(energies.masked_fill(mask == 0, -1e9), dim=-1)
        return (weights.unsqueeze(1) @ memory).squeeze(1), weights
