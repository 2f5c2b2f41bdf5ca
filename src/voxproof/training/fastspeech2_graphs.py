"""FastSpeech 2 as graphs: pitch and energy can be changed between the second and the third."""

from pathlib import Path

import torch
from torch import Tensor, nn

from voxproof.networks.fastspeech2 import FastSpeech2
from voxproof.networks.matcha import FlowDecoder
from voxproof.training.export import export_onnx


class _Encoder(nn.Module):
    def __init__(self, net: FastSpeech2) -> None:
        super().__init__()
        self.net = net

    def forward(self, symbols: Tensor, embedding: Tensor, register: Tensor) -> tuple[Tensor, Tensor]:
        states = self.net.encode(symbols, embedding, register)
        return states, self.net.log_durations(states, torch.ones_like(states[..., :1]))


class _Variance(nn.Module):
    def __init__(self, net: FastSpeech2) -> None:
        super().__init__()
        self.net = net

    def forward(self, states: Tensor, index: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
        frames = self.net.frames(states, index, place)
        return self.net.variances(frames, torch.ones_like(frames[..., :1]))


class _Frames(nn.Module):
    def __init__(self, net: FastSpeech2) -> None:
        super().__init__()
        self.net = net

    def forward(self, states: Tensor, index: Tensor, place: Tensor, pitch: Tensor, energy: Tensor) -> Tensor:
        return self.net.adapt(self.net.frames(states, index, place), pitch, energy)


class _Decoder(_Frames):
    def forward(self, states: Tensor, index: Tensor, place: Tensor, pitch: Tensor, energy: Tensor) -> Tensor:
        frames = super().forward(states, index, place, pitch, energy)
        return self.net.decode(frames, torch.ones_like(frames[..., :1]))


class _Velocity(nn.Module):
    def __init__(self, flow: FlowDecoder) -> None:
        super().__init__()
        self.flow = flow

    def forward(self, mel: Tensor, frames: Tensor, time: Tensor) -> Tensor:
        out: Tensor = self.flow(mel, frames, time, torch.ones_like(mel[..., :1]))
        return out


def export(net: FastSpeech2, folder: Path) -> None:
    """`encoder.onnx`, `variance.onnx` and `decoder.onnx`, or with a flow `frames.onnx` and `velocity.onnx` for it."""
    net.eval()
    config = net.config
    export_onnx(
        _Encoder(net),
        (
            torch.ones(1, 12, dtype=torch.int64),
            torch.ones(1, config.embedding_size) / config.embedding_size**0.5,
            torch.full((1,), 5.0),
        ),
        folder / "encoder.onnx",
        ["symbols", "embedding", "register"],
        ["states", "log_durations"],
        {name: {1: "phonemes"} for name in ("symbols", "states", "log_durations")},
    )
    frames = (torch.zeros(1, 12, config.hidden), torch.zeros(1, 40, dtype=torch.int64), torch.zeros(1, 40, 3))
    names = ["states", "index", "place"]
    axes: dict[str, dict[int, str]] = {"states": {1: "phonemes"}}
    axes |= {name: {1: "frames"} for name in ("index", "place", "pitch", "energy", "mel", "frames", "velocity")}
    export_onnx(_Variance(net), frames, folder / "variance.onnx", names, ["pitch", "energy"], axes)
    adapted = (*frames, torch.zeros(1, 40, 2), torch.zeros(1, 40, 1))
    names = [*names, "pitch", "energy"]
    if net.flow is None:
        export_onnx(_Decoder(net), adapted, folder / "decoder.onnx", names, ["mel"], axes)
        return
    export_onnx(_Frames(net), adapted, folder / "frames.onnx", names, ["frames"], axes)
    flowing = (torch.zeros(1, 40, config.n_mels), torch.zeros(1, 40, config.hidden), torch.zeros(1))
    export_onnx(_Velocity(net.flow), flowing, folder / "velocity.onnx", ["mel", "frames", "time"], ["velocity"], axes)
