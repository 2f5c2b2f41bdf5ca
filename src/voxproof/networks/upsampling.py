"""What vocoders that turn a mel into samples by transposed convolutions share: how they step up, where frames lie."""

import math
from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from voxproof.features import MEL

_MEL_SCALE = 5.0  # natural logarithms; brings speech to the order of 1


class Upsample(nn.ConvTranspose1d):
    """Transposed convolution that makes `stride` values of one; its kernel is twice as long, so all get equally much.

    `(batch, inputs, n)` -> `(batch, outputs, n * stride)`.
    """

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        odd = stride % 2
        super().__init__(inputs, outputs, 2 * stride, stride, padding=stride // 2 + odd, output_padding=odd)


def normed(layer: nn.Module, deviation: float | None = None) -> nn.Module:
    """A convolution under weight norm (arXiv 1602.07868), its weights drawn with `deviation` where one is given."""
    if deviation is not None:
        nn.init.normal_(layer.weight, 0.0, deviation)  # type: ignore[arg-type]
    return weight_norm(layer)


def check_strides(strides: Sequence[int], hop: int = MEL.hop) -> None:
    """Raises `ValueError` unless the strides multiply to the samples of a frame."""
    if math.prod(strides) != hop:
        raise ValueError(f"strides {tuple(strides)} make {math.prod(strides)} samples of a frame, not {hop}")


def channels_first(mel: Tensor) -> Tensor:
    """Log-mel `(batch, frames, n_mels)` -> `(batch, n_mels, frames)`, moved and scaled.

    0, which convolutions pad with, then stands for silence and not for a loud frame.
    """
    return (mel.transpose(1, 2) - math.log(MEL.floor)) / _MEL_SCALE


def from_first_to_last_frame(samples: Tensor, hop: int = MEL.hop) -> Tensor:
    """`(batch, 1, frames * hop)` -> `(batch, (frames - 1) * hop)`: half a hop goes at both ends.

    Frame i of the mel is centred on sample i * hop, the values that a network makes of it are centred half a hop later.
    """
    return samples[:, 0, hop // 2 : -(hop // 2)]
