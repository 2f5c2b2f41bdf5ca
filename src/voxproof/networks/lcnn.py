"""LFCC-LCNN: a light CNN with max-feature-map over linear cepstra, the ASVspoof 2021 baseline.

Convolutions and max-feature-map as in Lavrentyeva et al. (arXiv:1904.05576); behind them two bidirectional LSTMs with a
way around them and the mean over time in place of a fixed length, as in Wang and Yamagishi (arXiv:2103.11326), whose
LCNN-LSTM-sum is the baseline of ASVspoof 2021 (arXiv:2109.00537).
"""

import torch
from torch import Tensor, nn

_SHRINKS = 16  # four poolings halve time and values


class MaxFeatureMap(nn.Module):
    """Of two halves of the channels the larger: an activation that also selects (arXiv:1511.02683)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, 2 * channels, ...) -> (batch, channels, ...)`."""
        return torch.maximum(x[:, : self.channels], x[:, self.channels :])


def _convolution(before: int, after: int, size: int) -> list[nn.Module]:
    return [nn.Conv2d(before, 2 * after, size, padding=size // 2), MaxFeatureMap(after)]


def _norm(channels: int) -> nn.Module:
    return nn.BatchNorm2d(channels, affine=False)


class Lcnn(nn.Module):
    """`(batch, values, frames) -> (batch,)` logits, positive for synthetic; any number of frames from 16 on."""

    def __init__(self, values: int = 60, dropout: float = 0.7) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            *_convolution(1, 32, 5),
            nn.MaxPool2d(2),
            *_convolution(32, 32, 1),
            _norm(32),
            *_convolution(32, 48, 3),
            nn.MaxPool2d(2),
            _norm(48),
            *_convolution(48, 48, 1),
            _norm(48),
            *_convolution(48, 64, 3),
            nn.MaxPool2d(2),
            *_convolution(64, 64, 1),
            _norm(64),
            *_convolution(64, 32, 3),
            _norm(32),
            *_convolution(32, 32, 1),
            _norm(32),
            *_convolution(32, 32, 3),
            nn.MaxPool2d(2),
            nn.Dropout(dropout),
        )
        width = 32 * (values // _SHRINKS)
        self.recurrent = nn.LSTM(width, width // 2, num_layers=2, batch_first=True, bidirectional=True)
        self.output = nn.Linear(width, 1)

    def forward(self, cepstra: Tensor) -> Tensor:
        """Logits; see the class."""
        x = self.convolutions(cepstra.transpose(1, 2)[:, None])  # time before values, as in the baseline
        frames = x.transpose(1, 2).flatten(2)
        # Given by hand, since an exported graph would keep the example's batch size in a state of its own making.
        state = frames.new_zeros(2 * self.recurrent.num_layers, frames.shape[0], self.recurrent.hidden_size)
        return self.output((frames + self.recurrent(frames, (state, state))[0]).mean(1)).squeeze(1)
