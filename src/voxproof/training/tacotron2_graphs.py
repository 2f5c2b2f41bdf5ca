"""Tacotron 2 as graphs: the encoder, one step of the decoder, and the postnet with the pitch head."""

from pathlib import Path

import torch
from torch import Tensor, nn

from voxproof.networks.tacotron2 import State, Tacotron2
from voxproof.training.export import export_onnx


class _Encoder(nn.Module):
    def __init__(self, net: Tacotron2) -> None:
        super().__init__()
        self.net = net

    def forward(self, symbols: Tensor, embedding: Tensor, register: Tensor) -> tuple[Tensor, Tensor]:
        memory = self.net.encode(symbols, self.net.speaker(embedding, register))
        return memory, self.net.decoder.attention.keys(memory)


class _Step(nn.Module):
    def __init__(self, net: Tacotron2) -> None:
        super().__init__()
        self.decoder = net.decoder

    def forward(
        self,
        memory: Tensor,
        keys: Tensor,
        window: Tensor,
        last: Tensor,
        dropout: Tensor,
        hidden: Tensor,
        context: Tensor,
        attention: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        seen = self.decoder.prenet(last, dropout)
        frames, stop, state = self.decoder.step(seen, State(hidden, context, attention), memory, keys, window)
        config = self.decoder.config
        return frames.reshape(1, config.reduction, config.n_mels), stop, *state


class _Postnet(nn.Module):
    def __init__(self, net: Tacotron2) -> None:
        super().__init__()
        self.net = net

    def forward(self, coarse: Tensor, embedding: Tensor, register: Tensor) -> tuple[Tensor, Tensor]:
        mask = torch.ones_like(coarse[..., :1])
        mel = self.net.refine(coarse, mask)
        return mel, self.net.pitch(mel, self.net.speaker(embedding, register), mask)


def export(net: Tacotron2, folder: Path) -> None:
    """Three graphs: `encoder.onnx`, `decoder.onnx` (one step) and `postnet.onnx`."""
    net.eval()
    config = net.config
    symbols = torch.ones(1, 12, dtype=torch.int64)
    speaker = (torch.ones(1, config.embedding_size) / config.embedding_size**0.5, torch.full((1,), 5.0))
    export_onnx(
        _Encoder(net),
        (symbols, *speaker),
        folder / "encoder.onnx",
        ["symbols", "embedding", "register"],
        ["memory", "keys"],
        {name: {1: "phonemes"} for name in ("symbols", "memory", "keys")},
    )
    memory = torch.zeros(1, 12, config.encoder + config.embedding_size + 1)
    keys, state = torch.zeros(1, 12, config.attention), net.decoder.start(memory)
    example = (memory, keys, torch.ones(1, 12), torch.zeros(1, config.n_mels), torch.ones(1, 2, config.prenet), *state)
    axes: dict[str, dict[int, str]] = {name: {1: "phonemes"} for name in ("memory", "keys", "window")}
    export_onnx(
        _Step(net),
        example,
        folder / "decoder.onnx",
        ["memory", "keys", "window", "last", "dropout", "hidden", "context", "attention"],
        ["frames", "stop", "next_hidden", "next_context", "next_attention"],
        axes | {"attention": {2: "phonemes"}, "next_attention": {2: "phonemes"}},
    )
    export_onnx(
        _Postnet(net),
        (torch.zeros(1, 40, config.n_mels), *speaker),
        folder / "postnet.onnx",
        ["coarse", "embedding", "register"],
        ["mel", "pitch"],
        {name: {1: "frames"} for name in ("coarse", "mel", "pitch")},
    )
