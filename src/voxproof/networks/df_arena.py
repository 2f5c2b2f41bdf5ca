"""DF Arena 500M and 1B (RAPTOR, arXiv:2603.06164): XLS-R, its layers summed by gates, a conformer with head tokens.

Each layer's gate depends on its own frames, summed with the weights of an attention that all layers share.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from voxproof.networks.head_conformer import HeadConformer, conformer_tensors
from voxproof.networks.wav2vec2 import Xlsr, xlsr_tensors

_BACKBONE = "backbone."
_FRONT = "ssl_model."
_HEAD = "conformer."


class DfArena(nn.Module):
    """`(batch, samples)` at 16 kHz, at their own level -> `(batch,)` logits, positive for synthetic."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        """A network with the values of a published checkpoint; KeyError or RuntimeError if it is of another."""
        super().__init__()
        tensors = {name.removeprefix(_BACKBONE): tensor for name, tensor in tensors.items()}
        front = {name.removeprefix(_FRONT): t for name, t in tensors.items() if name.startswith(_FRONT)}
        head = {name.removeprefix(_HEAD): t for name, t in tensors.items() if name.startswith(_HEAD)}
        xlsr = Xlsr(xlsr_tensors(front))
        self.first_bn = nn.BatchNorm2d(1)
        self.fc0 = nn.Linear(xlsr.hidden, 1)
        self.attn_scores = nn.Linear(xlsr.hidden, 1, bias=False)
        self.load_state_dict({name: t for name, t in tensors.items() if not name.startswith((_FRONT, _HEAD))})
        self.xlsr = xlsr
        self.conformer = HeadConformer(conformer_tensors(head))
        self.eval()

    def forward(self, samples: Tensor) -> Tensor:
        """How much more synthetic than genuine; see the class."""
        total: Tensor | None = None
        for state in self.xlsr(samples):
            pooled = (torch.softmax(self.attn_scores(state), dim=1) * state).sum(1, keepdim=True)
            gated = state * torch.sigmoid(self.fc0(pooled))
            total = gated if total is None else total + gated
        assert total is not None
        values = self.conformer(torch.selu(self.first_bn(total[:, None])).squeeze(1))
        return values[:, 0] - values[:, 1]
