"""DistillMOS: the perceived quality of speech on the scale 1 to 5, from the waveform alone (arXiv:2502.05356).

A small network (4.2 M parameters) that learned to say what a quality model on top of XLS-R says. It looks at 7.68 s:

    waveform -> compressed complex spectrogram -> six convolutions -> 384 frames of 1024 values
             -> seven transformer layers -> attention pooling -> one number

The weights are those that the package `distillmos` (MIT) carries; that package imports torchaudio, so the network is
written here again. `training/export_distillmos.py` turns all behind the spectrogram into an ONNX graph.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

RATE = 16_000  # Hz
SAMPLES = 122_880  # one window: 7.68 s
FRAMES = 384  # of 20 ms, behind the convolutions
N_FFT = 320  # 20 ms
HOP = 160  # 10 ms
COMPRESSION = 0.3  # exponent of the magnitudes
CHANNELS = (64, 64, 128, 256, 256, 256)
FEATURES = 1024  # values a frame behind the convolutions: 256 channels x 4 bands
WIDTH = 200  # of the transformer
HEADS = 8
LAYERS = 7


class CompressedSpectrum(nn.Module):
    """The short-time spectrum with its magnitudes raised to 0.3 and its phases kept.

    `(batch, samples) -> (batch, 2, 161, samples / 160)`. The transform is a convolution with sines and cosines, because
    ONNX has no complex numbers.
    """

    def __init__(self) -> None:
        super().__init__()
        angle = 2 * math.pi * np.outer(np.arange(N_FFT // 2 + 1), np.arange(N_FFT)) / N_FFT
        window = 0.5 - 0.5 * np.cos(2 * math.pi * np.arange(N_FFT) / N_FFT)
        basis = np.concatenate([np.cos(angle) * window, -np.sin(angle) * window])
        self.register_buffer("basis", torch.tensor(basis[:, None, :], dtype=torch.float32), persistent=False)

    def forward(self, waveform: Tensor) -> Tensor:
        """`(batch, samples)` in, real and imaginary part of the compressed spectrum out."""
        edge = (N_FFT - HOP) // 2
        padded = functional.pad(waveform[:, None, :], (edge, edge), mode="reflect")
        assert isinstance(self.basis, Tensor)
        real, imaginary = functional.conv1d(padded, self.basis, stride=HOP).chunk(2, dim=1)
        magnitude = torch.sqrt(real**2 + imaginary**2).clamp(min=1e-12)
        gain = magnitude ** (COMPRESSION - 1)
        return torch.stack([real * gain, imaginary * gain], dim=1)


class TransformerLayer(nn.Module):
    """Self-attention and a feed-forward network, each followed by its layer norm (arXiv:1706.03762)."""

    def __init__(self) -> None:
        super().__init__()
        self.in_proj = nn.Linear(WIDTH, 3 * WIDTH)
        self.out_proj = nn.Linear(WIDTH, WIDTH)
        self.linear1 = nn.Linear(WIDTH, 2 * WIDTH)
        self.linear2 = nn.Linear(2 * WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, frames, 200)` in and out."""
        batch, frames, _ = x.shape
        queries, keys, values = (
            part.reshape(batch, frames, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in self.in_proj(x).chunk(3, dim=-1)
        )
        attention = torch.softmax(queries @ keys.transpose(-1, -2) / math.sqrt(WIDTH // HEADS), dim=-1)
        attended = (attention @ values).transpose(1, 2).reshape(batch, frames, WIDTH)
        x = self.norm1(x + self.out_proj(attended))
        y: Tensor = self.norm2(x + self.linear2(torch.relu(self.linear1(x))))
        return y


class DistillMos(nn.Module):
    """`(batch, 122880)` samples at 16 kHz to `(batch,)` opinion scores; the level of the waveform does not matter."""

    def __init__(self) -> None:
        super().__init__()
        self.spectrum = CompressedSpectrum()
        self.convolutions = nn.ModuleList()
        before = 2
        for place, channels in enumerate(CHANNELS):
            stride = (2 if place else 1, 2 if place == len(CHANNELS) - 1 else 1)
            self.convolutions.append(nn.Conv2d(before, channels, 3, stride=stride, padding=(0, 1)))
            before = channels
        self.norm_input = nn.BatchNorm1d(FEATURES)
        self.norm_projection = nn.BatchNorm1d(FEATURES)
        self.projection = nn.Linear(FEATURES, WIDTH)
        self.places = nn.Parameter(torch.zeros(1, FRAMES, WIDTH), requires_grad=False)
        self.layers = nn.ModuleList(TransformerLayer() for _ in range(LAYERS))
        self.norm_output = nn.BatchNorm1d(WIDTH)
        self.pool_hidden = nn.Linear(WIDTH, 2 * WIDTH)
        self.pool_score = nn.Linear(2 * WIDTH, 1)
        self.head = nn.Linear(WIDTH, 1)

    def convolve(self, spectrum: Tensor) -> Tensor:
        """`(batch, 2, 161, frames of 10 ms) -> (batch, frames of 20 ms, 1024)`, for any length."""
        for convolution in self.convolutions:
            spectrum = functional.leaky_relu(convolution(spectrum), 0.1)
        return spectrum.flatten(1, 2).transpose(1, 2)

    def rate(self, spectrum: Tensor) -> Tensor:
        """`(batch, 2, 161, 768) -> (batch,)`, 1 (bad) to 5 (excellent)."""
        x = self.convolve(spectrum).transpose(1, 2)
        x = self.norm_projection(self.norm_input(x)).transpose(1, 2)
        x = self.projection(x) + self.places
        for layer in self.layers:
            x = layer(x)
        x = self.norm_output(x.transpose(1, 2)).transpose(1, 2)
        weights = torch.softmax(self.pool_score(torch.relu(self.pool_hidden(x))), dim=1)
        quality: Tensor = torch.sigmoid(self.head((weights * x).sum(dim=1))).squeeze(-1)
        return 1 + 4 * quality

    def forward(self, waveform: Tensor) -> Tensor:
        """`(batch, 122880) -> (batch,)`; see `rate`."""
        spectrum: Tensor = self.spectrum(waveform / (waveform.abs().amax(dim=1, keepdim=True) + 1e-8))
        return self.rate(spectrum)


# Where the parts of the published checkpoint go; the longest matching beginning decides.
_NAMES = {
    "transformer_pool_attn.norm_input.": "norm_input.",
    "transformer_pool_attn.transformer.norm.": "norm_projection.",
    "transformer_pool_attn.transformer.linear_proj.": "projection.",
    "transformer_pool_attn.transformer.position_encoding.pe": "places",
    "transformer_pool_attn.norm_trans.": "norm_output.",
    "transformer_pool_attn.pool.linear1.": "pool_hidden.",
    "transformer_pool_attn.pool.linear2.": "pool_score.",
    "transformer_pool_attn.pool.linear3.": "head.",
}


def distillmos_from_tensors(tensors: Mapping[str, NDArray[Any]]) -> DistillMos:
    """The network in evaluation mode with the tensors of the published checkpoint (`model.*` of `distill_mos_v7.pt`).

    Raises `KeyError` or `RuntimeError` when a tensor is missing, is of another shape, or has no place.
    """
    state: dict[str, Tensor] = {}
    for full, array in tensors.items():
        if full.startswith("model."):
            state[name_in_network(full.removeprefix("model."))] = torch.from_numpy(np.ascontiguousarray(array))
    network = DistillMos()
    network.load_state_dict(state)
    return network.eval()


def name_in_network(name: str) -> str:
    """Where a tensor of the checkpoint goes; `KeyError` if nowhere."""
    if name.startswith("cnn.cnn."):
        place, kind = name.removeprefix("cnn.cnn.").split(".")
        return f"convolutions.{int(place) // 2}.{kind}"
    deep = "transformer_pool_attn.transformer.transformer_encoder.layers."
    if name.startswith(deep):
        name = "layers." + name.removeprefix(deep)
        return name.replace("self_attn.in_proj_", "in_proj.").replace("self_attn.", "")
    for old, new in _NAMES.items():
        if name.startswith(old):
            return new + name.removeprefix(old)
    raise KeyError(f"the checkpoint holds {name!r}, which DistillMOS has no place for")
