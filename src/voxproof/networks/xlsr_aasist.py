"""XLS-R with AASIST behind it (Tak et al., Odyssey 2022, arXiv:2202.12233), named as in the published checkpoints.

The last state of XLS-R, as 128 values a frame, is the picture that AASIST's encoder gets; nodes are weighted sums over
time and over bands, by an attention of their own, in place of maxima.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from voxproof.networks.aasist import AasistSize, GraphBackEnd, residual_encoder
from voxproof.networks.wav2vec2 import Xlsr, xlsr_tensors

_VALUES = 128
_SIZE = AasistSize((32, 32, 64, 64, 64, 64), 64, 32, 0.5, 0.5, 0.5)
_CHANNELS = _SIZE.channels[-1]
_FRONT = "ssl_model.model."


class XlsrAasist(GraphBackEnd):
    """`(batch, samples)` at 16 kHz, at their own level -> `(batch,)` logits, positive for synthetic."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        """A network with the values of a published checkpoint; KeyError or RuntimeError if it is of another."""
        super().__init__(_CHANNELS, _VALUES // 3, _SIZE)
        tensors = {name.removeprefix("module."): tensor for name, tensor in tensors.items()}
        front = {name.removeprefix(_FRONT): t for name, t in tensors.items() if name.startswith(_FRONT)}
        xlsr = Xlsr(xlsr_tensors(front))
        self.LL = nn.Linear(xlsr.hidden, _VALUES)
        self.first_bn = nn.BatchNorm2d(1)
        self.first_bn1 = nn.BatchNorm2d(_CHANNELS)
        self.encoder = residual_encoder(_SIZE.channels, shrinks=False)
        self.attention = nn.Sequential(
            nn.Conv2d(_CHANNELS, 2 * _CHANNELS, 1), nn.SELU(), nn.BatchNorm2d(2 * _CHANNELS),
            nn.Conv2d(2 * _CHANNELS, _CHANNELS, 1),
        )  # fmt: skip
        self.load_state_dict({name: t for name, t in tensors.items() if not name.startswith(_FRONT)})
        self.xlsr = xlsr
        self.eval()

    def forward(self, samples: Tensor) -> Tensor:
        """How much more synthetic than genuine; see the class."""
        picture = self.LL(self.xlsr(samples)[-1]).transpose(1, 2)[:, None]
        x = self.encoder(torch.selu(self.first_bn(functional.max_pool2d(picture, 3))))
        x = torch.selu(self.first_bn1(x))
        weights = self.attention(x)
        spectral = (x * torch.softmax(weights, dim=3)).sum(3).transpose(1, 2)
        temporal = (x * torch.softmax(weights, dim=2)).sum(2).transpose(1, 2)
        values = self.back_end(spectral, temporal)
        return values[:, 0] - values[:, 1]
