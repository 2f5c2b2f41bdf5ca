"""The running average of weights, which does better on data never seen than the last weights do (arXiv:2102.08604)."""

import copy

import torch
from torch import nn


class Average:
    """The running average of a module's weights, slower the longer it runs."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.module = copy.deepcopy(module).eval()
        self.decay = decay
        self.updates = 0

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        """Take the weights as they are now into the average."""
        self.updates += 1
        decay = min(self.decay, self.updates / (self.updates + 9))
        for kept, new in zip(self.module.state_dict().values(), module.state_dict().values(), strict=True):
            if kept.is_floating_point():
                kept.lerp_(new, 1 - decay)
            else:
                kept.copy_(new)
