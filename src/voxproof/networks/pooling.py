"""Attentive statistics pooling (Okabe et al., arXiv 1803.10963), with the global context of ECAPA-TDNN."""

import torch
from torch import Tensor, nn

_SMALLEST_VARIANCE = 1e-5


class AttentiveStatistics(nn.Module):
    """Frames -> weighted mean and standard deviation, each channel with attention weights of its own.

    The attention sees every frame beside the plain mean and deviation of the whole clip (section 3.1 of arXiv
    2005.07143). The paper concatenates the three before the first layer; the layer is linear, so the clip's part is
    computed once and added to all frames, which is the same and costs a third.
    """

    def __init__(self, channels: int, bottleneck: int = 128) -> None:
        super().__init__()
        self.frame = nn.Conv1d(channels, bottleneck, 1)
        self.context = nn.Linear(2 * channels, bottleneck, bias=False)
        self.norm = nn.BatchNorm1d(bottleneck)
        self.attention = nn.Conv1d(bottleneck, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, channels, frames)` -> `(batch, 2 * channels)`."""
        mean = x.mean(dim=2)
        deviation = _root((x - mean.unsqueeze(2)).square().mean(dim=2))
        context = self.context(torch.cat([mean, deviation], dim=1)).unsqueeze(2)
        hidden = torch.tanh(self.norm(torch.relu(self.frame(x) + context)))
        weights = torch.softmax(self.attention(hidden), dim=2)
        mean = (weights * x).sum(dim=2)
        deviation = _root((weights * (x - mean.unsqueeze(2)).square()).sum(dim=2))
        return torch.cat([mean, deviation], dim=1)


def _root(variance: Tensor) -> Tensor:
    # The root's slope at zero is infinite: constant frames (silence) would make the gradient NaN.
    return variance.clamp(min=_SMALLEST_VARIANCE).sqrt()
