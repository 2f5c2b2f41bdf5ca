"""AASIST and AASIST-L (Jung et al., ICASSP 2022, arXiv:2110.01200): graphs over time and frequency of a waveform.

    samples -> 70 fixed sinc filters -> six residual blocks -> maxima over time (a node a band) and over frequency
    (a node a moment) -> attention within each graph, pooling -> two branches of attention over both graphs with a
    master node, of which the larger value counts -> one logit

Parameters are named as in the published checkpoints (MIT), which load with `load_state_dict`; 297,866 and 85,306 of
them. Two things are as published and not as drawn in the paper: the first norm of a residual block has parameters
but is not applied, and the third pooling ratio serves all pooling behind the joint graphs.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from voxproof.networks.graph_attention import GraphAttention, GraphPool, HeterogeneousGraphAttention
from voxproof.networks.sinc import SincFilters

SAMPLES = 64_600  # at 16 kHz: what the published networks hear
BANDS = 70
_TAPS = 129
_SPECTRAL_NODES = BANDS // 3
_JOINT_KEPT = 0.5
_TEMPERATURE = 2.0
_JOINT_TEMPERATURE = 100.0


@dataclass(frozen=True)
class AasistSize:
    """What tells AASIST from AASIST-L."""

    channels: tuple[int, ...]  # of the six residual blocks
    graph: int  # values of a node of the single graphs
    joint: int  # values of a node of the joint graphs
    kept_spectral: float
    kept_temporal: float
    kept_joint: float


AASIST = AasistSize((32, 32, 64, 64, 64, 64), 64, 32, 0.5, 0.7, 0.5)
AASIST_L = AasistSize((32, 32, 24, 24, 24, 24), 24, 32, 0.4, 0.5, 0.7)


class ResidualBlock(nn.Module):
    """Two convolutions over bands and time with a way around them; time is then a third as long."""

    def __init__(self, before: int, after: int, first: bool = False, shrinks: bool = True) -> None:
        super().__init__()
        self.shrinks = shrinks
        if not first:
            self.bn1 = nn.BatchNorm2d(before)  # in the published weights, never applied
        self.conv1 = nn.Conv2d(before, after, (2, 3), padding=(1, 1))
        self.bn2 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, (2, 3), padding=(0, 1))
        if before != after:
            self.conv_downsample = nn.Conv2d(before, after, (1, 3), padding=(0, 1))
        self.widens = before != after

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, before, bands, time) -> (batch, after, bands, time // 3)`; `time` itself unless it shrinks."""
        around = self.conv_downsample(x) if self.widens else x
        x = self.conv2(torch.selu(self.bn2(self.conv1(x)))) + around
        return functional.max_pool2d(x, (1, 3)) if self.shrinks else x


def residual_encoder(channels: tuple[int, ...], shrinks: bool = True) -> nn.Sequential:
    """Blocks from one channel to the last of `channels`, named as in the published checkpoints."""
    blocks = []
    for place, (before, after) in enumerate(pairwise([1, *channels])):
        blocks.append(nn.Sequential(ResidualBlock(before, after, first=place == 0, shrinks=shrinks)))
    return nn.Sequential(*blocks)


class GraphBackEnd(nn.Module):
    """From spectral and temporal nodes to two values, synthetic and genuine: AASIST behind its encoder."""

    def __init__(self, channels: int, bands: int, size: AasistSize) -> None:
        super().__init__()
        graph, joint = size.graph, size.joint
        self.pos_S = nn.Parameter(torch.randn(1, bands, channels))
        self.master1 = nn.Parameter(torch.randn(1, 1, graph))
        self.master2 = nn.Parameter(torch.randn(1, 1, graph))
        self.GAT_layer_S = GraphAttention(channels, graph, _TEMPERATURE)
        self.GAT_layer_T = GraphAttention(channels, graph, _TEMPERATURE)
        self.HtrgGAT_layer_ST11 = HeterogeneousGraphAttention(graph, joint, _JOINT_TEMPERATURE)
        self.HtrgGAT_layer_ST12 = HeterogeneousGraphAttention(joint, joint, _JOINT_TEMPERATURE)
        self.HtrgGAT_layer_ST21 = HeterogeneousGraphAttention(graph, joint, _JOINT_TEMPERATURE)
        self.HtrgGAT_layer_ST22 = HeterogeneousGraphAttention(joint, joint, _JOINT_TEMPERATURE)
        self.pool_S = GraphPool(graph, size.kept_spectral)
        self.pool_T = GraphPool(graph, size.kept_temporal)
        self.pool_hS1 = GraphPool(joint, size.kept_joint)
        self.pool_hT1 = GraphPool(joint, size.kept_joint)
        self.pool_hS2 = GraphPool(joint, size.kept_joint)
        self.pool_hT2 = GraphPool(joint, size.kept_joint)
        self.drop = nn.Dropout(0.5)
        self.drop_way = nn.Dropout(0.2)
        self.out_layer = nn.Linear(5 * joint, 2)

    def back_end(self, spectral: Tensor, temporal: Tensor) -> Tensor:
        """`(batch, bands, channels)` and `(batch, time, channels) -> (batch, 2)`."""
        spectral = self.pool_S(self.GAT_layer_S(spectral + self.pos_S))
        temporal = self.pool_T(self.GAT_layer_T(temporal))
        one = self._branch(temporal, spectral, self.master1, 1)
        two = self._branch(temporal, spectral, self.master2, 2)
        times, bands, master = (
            torch.maximum(self.drop_way(a), self.drop_way(b)) for a, b in zip(one, two, strict=True)
        )
        read = [times.abs().amax(1), times.mean(1), bands.abs().amax(1), bands.mean(1), master.squeeze(1)]
        return self.out_layer(self.drop(torch.cat(read, dim=1)))

    def _branch(self, temporal: Tensor, spectral: Tensor, master: Tensor, number: int) -> tuple[Tensor, Tensor, Tensor]:
        joint, again = getattr(self, f"HtrgGAT_layer_ST{number}1"), getattr(self, f"HtrgGAT_layer_ST{number}2")
        times, bands, master = joint(temporal, spectral, master)
        bands = getattr(self, f"pool_hS{number}")(bands)
        times = getattr(self, f"pool_hT{number}")(times)
        more_times, more_bands, more_master = again(times, bands, master)
        return times + more_times, bands + more_bands, master + more_master


class Aasist(GraphBackEnd):
    """`(batch, samples)` at 16 kHz -> `(batch,)` logits, positive for synthetic."""

    def __init__(self, size: AasistSize = AASIST) -> None:
        super().__init__(size.channels[-1], _SPECTRAL_NODES, size)
        self.filters = SincFilters(BANDS, _TAPS)
        self.first_bn = nn.BatchNorm2d(1)
        self.encoder = residual_encoder(size.channels)

    def classes(self, samples: Tensor) -> Tensor:
        """The published output: values of synthetic and genuine, `(batch, 2)`."""
        x = functional.max_pool2d(self.filters(samples).abs()[:, None], 3)
        strength = self.encoder(torch.selu(self.first_bn(x))).abs()
        return self.back_end(strength.amax(3).transpose(1, 2), strength.amax(2).transpose(1, 2))

    def forward(self, samples: Tensor) -> Tensor:
        """How much more synthetic than genuine; see the class."""
        values = self.classes(samples)
        return values[:, 0] - values[:, 1]
