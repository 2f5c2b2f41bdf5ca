"""Cantor as graphs: durations can be changed between the first two, pitch between the last two."""

from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn

from voxproof.networks.cantor import Cantor, expand
from voxproof.training.export import export_onnx

Precision = Literal["float", "half", "int8"]
"""How weights are kept on disk; the arithmetic is that of floats."""


class _Encoder(nn.Module):
    def __init__(self, net: Cantor) -> None:
        super().__init__()
        self.net = net

    def forward(self, symbols: Tensor, embedding: Tensor, register: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        condition = self.net.speaker(embedding, register)
        states = self.net.encode(symbols, condition)
        mask = torch.ones_like(states[..., :1])
        return states, condition, self.net.log_durations(states, condition, mask)


class _Pitch(nn.Module):
    def __init__(self, net: Cantor) -> None:
        super().__init__()
        self.net = net

    def forward(self, states: Tensor, condition: Tensor, index: Tensor, place: Tensor) -> Tensor:
        pairs = expand(states, index, place)
        return self.net.pitch(pairs, condition, torch.ones_like(pairs[..., :1]))


class _Decoder(nn.Module):
    def __init__(self, net: Cantor) -> None:
        super().__init__()
        self.net = net

    def forward(self, states: Tensor, condition: Tensor, index: Tensor, place: Tensor, pitch: Tensor) -> Tensor:
        pairs = expand(states, index, place)
        return self.net.decode(pairs, pitch, condition, torch.ones_like(pairs[..., :1]))


def export(net: Cantor, folder: Path, precision: Precision = "int8") -> None:
    """Three graphs: `encoder.onnx`, `pitch.onnx` (f0 can be changed between) and `decoder.onnx`.

    With `int8` the matrices are kept in 8 bits and the rest in 16.
    """
    net.eval()
    stored = {"half": precision != "float", "int8": precision == "int8"}
    size, channels = net.config.embedding_size, net.config.encoder_channels
    symbols = torch.ones(1, 12, dtype=torch.int64)
    export_onnx(
        _Encoder(net),
        (symbols, torch.ones(1, size) / size**0.5, torch.full((1,), 5.0)),
        folder / "encoder.onnx",
        ["symbols", "embedding", "register"],
        ["states", "condition", "log_durations"],
        {"symbols": {1: "phonemes"}, "states": {1: "phonemes"}, "log_durations": {1: "phonemes"}},
        **stored,
    )
    states, condition = torch.zeros(1, 12, channels), torch.zeros(1, net.config.condition_size)
    index, place = torch.zeros(1, 40, dtype=torch.int64), torch.zeros(1, 40, 3)
    axes = {"states": {1: "phonemes"}, "index": {1: "frames"}, "place": {1: "frames"}, "pitch": {1: "frames"}}
    names = ["states", "condition", "index", "place"]
    export_onnx(_Pitch(net), (states, condition, index, place), folder / "pitch.onnx", names, ["pitch"], axes, **stored)
    export_onnx(
        _Decoder(net),
        (states, condition, index, place, torch.zeros(1, 40, 2)),
        folder / "decoder.onnx",
        [*names, "pitch"],
        ["mel"],
        axes | {"mel": {1: "frames"}},
        **stored,
    )
