"""Attention between nodes of a graph, as AASIST uses it (arXiv:2110.01200, sections 2 and 3).

Names of parameters are those of the published checkpoints, so that these load. A graph is `(batch, nodes, values)`;
every node is joined to every other, and the weight of an edge depends on the product of its two nodes.
"""

import torch
from torch import Tensor, nn

_INPUT_DROPOUT = 0.2


def _edge_weight(values: int) -> nn.Parameter:
    weight = torch.empty(values, 1)
    nn.init.xavier_normal_(weight)
    return nn.Parameter(weight)


def _products(nodes: Tensor) -> Tensor:
    """The product of every two nodes, `(batch, nodes, nodes, values)`."""
    return nodes[:, :, None] * nodes[:, None]


class _Normalised(nn.Module):
    """What both layers end with: batch norm over all nodes, then SELU."""

    def __init__(self, values: int) -> None:
        super().__init__()
        self.bn = nn.BatchNorm1d(values)
        self.input_drop = nn.Dropout(_INPUT_DROPOUT)

    def _normalise(self, nodes: Tensor) -> Tensor:
        return torch.selu(self.bn(nodes.transpose(1, 2)).transpose(1, 2))


class GraphAttention(_Normalised):
    """One kind of nodes: each becomes a projection of itself plus one of what it attends to."""

    def __init__(self, before: int, after: int, temperature: float) -> None:
        super().__init__(after)
        self.att_proj = nn.Linear(before, after)
        self.att_weight = _edge_weight(after)
        self.proj_with_att = nn.Linear(before, after)
        self.proj_without_att = nn.Linear(before, after)
        self.temperature = temperature

    def forward(self, nodes: Tensor) -> Tensor:
        """`(batch, nodes, before) -> (batch, nodes, after)`."""
        nodes = self.input_drop(nodes)
        edges = torch.tanh(self.att_proj(_products(nodes))) @ self.att_weight
        attention = torch.softmax(edges.squeeze(3) / self.temperature, dim=2)
        return self._normalise(self.proj_with_att(attention @ nodes) + self.proj_without_att(nodes))


class HeterogeneousGraphAttention(_Normalised):
    """Two kinds of nodes (temporal, spectral) and a master node that gathers from all without being attended to.

    Edges within the first kind, within the second, and between them have weights of their own.
    """

    def __init__(self, before: int, after: int, temperature: float) -> None:
        super().__init__(after)
        self.proj_type1 = nn.Linear(before, before)
        self.proj_type2 = nn.Linear(before, before)
        self.att_proj = nn.Linear(before, after)
        self.att_projM = nn.Linear(before, after)
        self.att_weight11 = _edge_weight(after)
        self.att_weight22 = _edge_weight(after)
        self.att_weight12 = _edge_weight(after)
        self.att_weightM = _edge_weight(after)
        self.proj_with_att = nn.Linear(before, after)
        self.proj_without_att = nn.Linear(before, after)
        self.proj_with_attM = nn.Linear(before, after)
        self.proj_without_attM = nn.Linear(before, after)
        self.temperature = temperature

    def forward(self, first: Tensor, second: Tensor, master: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Both kinds `(batch, nodes, before)` and the master `(1 or batch, 1, before)`, each with `after` values."""
        count = first.shape[1]
        nodes = self.input_drop(torch.cat([self.proj_type1(first), self.proj_type2(second)], dim=1))
        attention = torch.softmax(self._edges(nodes, count) / self.temperature, dim=2)
        gathered = torch.tanh(self.att_projM(nodes * master)) @ self.att_weightM
        share = torch.softmax(gathered / self.temperature, dim=1).transpose(1, 2)
        master = self.proj_with_attM(share @ nodes) + self.proj_without_attM(master)
        nodes = self._normalise(self.proj_with_att(attention @ nodes) + self.proj_without_att(nodes))
        return nodes[:, :count], nodes[:, count:], master

    def _edges(self, nodes: Tensor, count: int) -> Tensor:
        projected = torch.tanh(self.att_proj(_products(nodes)))
        of_first, of_second = projected[:, :count], projected[:, count:]
        upper = torch.cat([of_first[:, :, :count] @ self.att_weight11, of_first[:, :, count:] @ self.att_weight12], 2)
        lower = torch.cat([of_second[:, :, :count] @ self.att_weight12, of_second[:, :, count:] @ self.att_weight22], 2)
        return torch.cat([upper, lower], dim=1).squeeze(3)


class GraphPool(nn.Module):
    """Keeps the share `kept` of the nodes that score highest, each times its score (graph U-Nets, arXiv:1905.05178)."""

    def __init__(self, values: int, kept: float, dropout: float = 0.3) -> None:
        super().__init__()
        self.proj = nn.Linear(values, 1)
        self.drop = nn.Dropout(dropout)
        self.kept = kept

    def forward(self, nodes: Tensor) -> Tensor:
        """`(batch, nodes, values) -> (batch, max(1, int(kept * nodes)), values)`."""
        scores = torch.sigmoid(self.proj(self.drop(nodes)))
        best = torch.topk(scores, max(int(nodes.shape[1] * self.kept), 1), dim=1).indices
        return torch.gather(nodes * scores, 1, best.expand(-1, -1, nodes.shape[2]))
