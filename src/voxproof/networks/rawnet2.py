"""RawNet2 against spoofing (Tak et al., ICASSP 2021, arXiv:2011.01108), the second baseline of ASVspoof 2021.

    samples -> fixed sinc filters -> six residual blocks, each followed by scaling of its feature maps (FMS)
      -> three GRUs, of which the last moment counts -> two dense layers -> one logit

`PAPER` has the paper's table 1: 128 filters of 129 taps, blocks of 128 and 512 channels. `BASELINE` has the sizes that
its authors released for ASVspoof 2021: 20 filters of 1,025 taps, blocks of 20 and 128 channels.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from voxproof.networks.sinc import SincFilters

SAMPLES = 64_600  # at 16 kHz
_SLOPE = 0.3  # of the leaky ReLU in the blocks


@dataclass(frozen=True)
class RawNet2Size:
    """Filters of the first layer, their taps, channels of the two first and the four later blocks, GRU and dense."""

    filters: int
    taps: int
    first: int
    later: int
    hidden: int = 1024
    layers: int = 3


PAPER = RawNet2Size(128, 129, 128, 512)
BASELINE = RawNet2Size(20, 1025, 20, 128)


class ResidualBlock(nn.Module):
    """Norm and activation before each of two convolutions, a way around them, every third moment, then FMS.

    FMS: each channel times a gate plus that gate, which depends on the means of all channels (arXiv:2004.00526).
    """

    def __init__(self, before: int, after: int, first: bool = False) -> None:
        super().__init__()
        self.before = nn.Identity() if first else nn.Sequential(nn.BatchNorm1d(before), nn.LeakyReLU(_SLOPE))
        self.convolutions = nn.Sequential(
            nn.Conv1d(before, after, 3, padding=1),
            nn.BatchNorm1d(after),
            nn.LeakyReLU(_SLOPE),
            nn.Conv1d(after, after, 3, padding=1),
        )
        self.around = nn.Identity() if before == after else nn.Conv1d(before, after, 1)
        self.gate = nn.Linear(after, after)

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, before, time) -> (batch, after, time // 3)`."""
        x = functional.max_pool1d(self.convolutions(self.before(x)) + self.around(x), 3)
        gate = torch.sigmoid(self.gate(x.mean(2))).unsqueeze(2)
        return x * gate + gate


class RawNet2(nn.Module):
    """`(batch, samples)` at 16 kHz -> `(batch,)` logits, positive for synthetic."""

    def __init__(self, size: RawNet2Size = BASELINE) -> None:
        super().__init__()
        self.filters = SincFilters(size.filters, size.taps)
        self.norm = nn.BatchNorm1d(size.filters)
        widths = [size.filters, size.first, size.first, *[size.later] * 4]
        self.blocks = nn.Sequential(
            *(ResidualBlock(before, after, first=place == 0) for place, (before, after) in enumerate(pairwise(widths)))
        )
        self.norm_before_recurrent = nn.BatchNorm1d(size.later)
        self.recurrent = nn.GRU(size.later, size.hidden, num_layers=size.layers, batch_first=True)
        self.dense = nn.Linear(size.hidden, size.hidden)
        self.output = nn.Linear(size.hidden, 2)

    def forward(self, samples: Tensor) -> Tensor:
        """How much more synthetic than genuine; see the class."""
        x = functional.max_pool1d(self.filters(samples).abs(), 3)
        x = self.blocks(torch.selu(self.norm(x)))
        frames = torch.selu(self.norm_before_recurrent(x)).transpose(1, 2)
        # Given by hand, since an exported graph would keep the example's batch size in a state of its own making.
        state = frames.new_zeros(self.recurrent.num_layers, frames.shape[0], self.recurrent.hidden_size)
        values = self.output(self.dense(self.recurrent(frames, state)[0][:, -1]))
        return values[:, 0] - values[:, 1]
