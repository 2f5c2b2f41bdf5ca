"""From frames to a finer grid by a transposed convolution that keeps time: frame i goes to place `i * stride`."""

from torch import Tensor, nn


class FrameUpsampling(nn.Module):
    """`forward(x)`: `(batch, channels, frames)` to `(batch, out_channels, frames * stride)`.

    Each frame reaches `overlap * stride / 2` places to both sides of its own.
    """

    def __init__(self, channels: int, out_channels: int, stride: int, overlap: int = 2) -> None:
        super().__init__()
        self.stride = stride
        self.before = overlap * stride // 2
        self.spread = nn.ConvTranspose1d(channels, out_channels, overlap * stride, stride)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        wide: Tensor = self.spread(x)
        return wide[:, :, self.before : self.before + x.shape[2] * self.stride]
