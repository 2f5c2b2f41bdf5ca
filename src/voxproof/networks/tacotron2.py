"""Tacotron 2 (arXiv 1712.05884) for any speaker: the embedding is joined to the encoder's states (arXiv 1806.04558).

The decoder makes `reduction` frames a step from the last frame of the step before. Dropout in its prenet stays on when
it speaks; the masks are an input, so that a seed decides them. A small head reads pitch off the finished mel, since
vocoders want f0. Mels are normalised.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from voxproof.networks.convnext import ConvNeXtBlock
from voxproof.networks.location_attention import LocationSensitiveAttention
from voxproof.networks.speaker_vector import MOSTLY_VOICED, speaker_vector

PRENET_DROPOUT = 0.5  # in training and at work


@dataclass(frozen=True)
class Tacotron2Config:
    """Sizes: the paper's, and those of the pitch head."""

    symbols: int
    n_mels: int = 80
    embedding_size: int = 256
    encoder: int = 512
    encoder_layers: int = 3
    kernel: int = 5
    prenet: int = 256
    attention: int = 128
    location_filters: int = 32
    location_kernel: int = 31
    decoder: int = 1024
    postnet: int = 512
    postnet_layers: int = 5
    pitch_channels: int = 128
    pitch_blocks: int = 2
    reduction: int = 1
    dropout: float = 0.5
    zoneout: float = 0.1


class State(NamedTuple):
    """What the decoder keeps from step to step."""

    hidden: Tensor  # (batch, 4, decoder): output and cell of both LSTMs
    context: Tensor  # (batch, encoder + embedding_size + 1)
    attention: Tensor  # (batch, 2, phonemes): weights of the step before, their sum so far


class ConvolutionLayers(nn.Module):
    """Convolutions over time with batch norm and dropout; `activation` behind all but, if asked, the last."""

    def __init__(self, sizes: list[int], kernel: int, dropout: float, activation: nn.Module, bare_end: bool) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            nn.Conv1d(before, after, kernel, padding=kernel // 2, bias=False) for before, after in pairwise(sizes)
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(size) for size in sizes[1:])
        self.dropout, self.activation = dropout, activation
        self.active = len(sizes) - 1 - int(bare_end)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`(batch, length, sizes[0])` to `(batch, length, sizes[-1])`; `mask` `(batch, length, 1)`."""
        x, keep = x.transpose(1, 2), mask.transpose(1, 2)
        for number, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            x = norm(convolution(x * keep))
            x = self.activation(x) if number < self.active else x
            x = F.dropout(x, self.dropout, self.training)
        return (x * keep).transpose(1, 2)


class Encoder(nn.Module):
    """Phonemes to states: convolutions, then an LSTM in both directions."""

    def __init__(self, config: Tacotron2Config) -> None:
        super().__init__()
        size = config.encoder
        self.symbol = nn.Embedding(config.symbols, size)
        sizes = [size] * (config.encoder_layers + 1)
        self.layers = ConvolutionLayers(sizes, config.kernel, config.dropout, nn.ReLU(), bare_end=False)
        self.lstm = nn.LSTM(size, size // 2, batch_first=True, bidirectional=True)

    def forward(self, symbols: Tensor, lengths: list[int] | None = None) -> Tensor:
        """`(batch, phonemes, encoder)` from symbols `(batch, phonemes)`; without lengths none of them is padding."""
        x = self.layers(self.symbol(symbols), (symbols > 0).unsqueeze(-1).float())
        if lengths is None:
            out: Tensor = self.lstm(x)[0]
            return out
        packed = nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        out, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=x.shape[1])
        return out


class Prenet(nn.Module):
    """Two layers that let half of the last frame through: what they drop, the decoder must learn from the text."""

    def __init__(self, n_mels: int, size: int) -> None:
        super().__init__()
        self.first = nn.Linear(n_mels, size, bias=False)
        self.second = nn.Linear(size, size, bias=False)

    def forward(self, frames: Tensor, dropout: Tensor) -> Tensor:
        """`frames` `(..., n_mels)`, `dropout` `(..., 2, size)`: 0, or one over the share that is kept."""
        x = torch.relu(self.first(frames)) * dropout[..., 0, :]
        return torch.relu(self.second(x)) * dropout[..., 1, :]


class ZoneoutCell(nn.Module):
    """An LSTM cell whose values keep that of the step before with a probability (their mean when it speaks)."""

    def __init__(self, inputs: int, size: int, zoneout: float) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(inputs, size)
        self.zoneout = zoneout

    def forward(self, x: Tensor, output: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        """Shapes: `x` `(batch, inputs)`, the others `(batch, size)`."""
        new_output, new_cell = self.cell(x, (output, cell))
        return self._mix(output, new_output), self._mix(cell, new_cell)

    def _mix(self, old: Tensor, new: Tensor) -> Tensor:
        if self.training:
            return torch.where(torch.rand_like(new) < self.zoneout, old, new)
        return self.zoneout * old + (1.0 - self.zoneout) * new


class Decoder(nn.Module):
    """Attention between two LSTMs; from output and context come the frames and whether it is time to stop."""

    def __init__(self, config: Tacotron2Config) -> None:
        super().__init__()
        self.config = config
        memory = config.encoder + config.embedding_size + 1
        size = config.decoder
        self.prenet = Prenet(config.n_mels, config.prenet)
        self.first = ZoneoutCell(config.prenet + memory, size, config.zoneout)
        self.attention = LocationSensitiveAttention(
            size, memory, config.attention, config.location_filters, config.location_kernel
        )
        self.second = ZoneoutCell(size + memory, size, config.zoneout)
        self.frames = nn.Linear(size + memory, config.reduction * config.n_mels)
        self.stop = nn.Linear(size + memory, 1)

    def start(self, memory: Tensor) -> State:
        """The state before the first step."""
        batch, phonemes, size = memory.shape
        hidden = memory.new_zeros(batch, 4, self.config.decoder)
        return State(hidden, memory.new_zeros(batch, size), memory.new_zeros(batch, 2, phonemes))

    def step(
        self, seen: Tensor, state: State, memory: Tensor, keys: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor, State]:
        """Frames `(batch, reduction * n_mels)`, the stop token's logit `(batch,)` and the next state.

        `seen` `(batch, prenet)` is what the prenet let through of the last frame; the others as in the attention.
        """
        h1, c1, h2, c2 = state.hidden.unbind(1)
        h1, c1 = self.first(torch.cat([seen, state.context], dim=-1), h1, c1)
        context, weights = self.attention(h1, memory, keys, state.attention, mask)
        h2, c2 = self.second(torch.cat([h1, context], dim=-1), h2, c2)
        out = torch.cat([h2, context], dim=-1)
        attention = torch.stack([weights, state.attention[:, 1] + weights], dim=1)
        after = State(torch.stack([h1, c1, h2, c2], dim=1), context, attention)
        return self.frames(out), self.stop(out).squeeze(-1), after

    def forward(self, memory: Tensor, mask: Tensor, heard: Tensor, dropout: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """All steps, each given what was really said before it.

        `heard` `(batch, steps * reduction, n_mels)`, `mask` `(batch, phonemes)`, `dropout` `(batch, steps, 2, prenet)`.
        Returns frames like `heard`, logits of the stop token `(batch, steps)`, alignment `(batch, steps, phonemes)`.
        """
        size = self.config.reduction
        last = F.pad(heard[:, size - 1 : -1 : size], (0, 0, 1, 0))
        seen = self.prenet(last, dropout)
        keys, state = self.attention.keys(memory), self.start(memory)
        frames, stops, alignment = [], [], []
        for number in range(seen.shape[1]):
            made, stop, state = self.step(seen[:, number], state, memory, keys, mask)
            frames.append(made)
            stops.append(stop)
            alignment.append(state.attention[:, 0])
        made = torch.stack(frames, dim=1).reshape(heard.shape)
        return made, torch.stack(stops, dim=1), torch.stack(alignment, dim=1)


class PitchHead(nn.Module):
    """Reads pitch off mel frames: where harmonics lie, measured from where the speaker's median would put them."""

    def __init__(self, config: Tacotron2Config) -> None:
        super().__init__()
        size = config.pitch_channels
        self.enter = nn.Linear(config.n_mels + config.embedding_size + 1, size)
        self.blocks = nn.ModuleList(
            ConvNeXtBlock(size, 2 * size, depth=config.pitch_blocks) for _ in range(config.pitch_blocks)
        )
        self.norm = nn.LayerNorm(size)
        self.leave = nn.Linear(size, 2)
        nn.init.normal_(self.leave.weight, std=0.02)
        nn.init.constant_(self.leave.bias[1:], MOSTLY_VOICED)

    def forward(self, mel: Tensor, speaker: Tensor, mask: Tensor) -> Tensor:
        """`(batch, frames, 2)`: log f0 above the speaker's median, and the voicing's logit."""
        spread = speaker.unsqueeze(1).expand(-1, mel.shape[1], -1)
        x = self.enter(torch.cat([mel, spread], dim=-1)) * mask
        for block in self.blocks:
            x = block(x) * mask
        out: Tensor = self.leave(self.norm(x))
        return out


class Tacotron2(nn.Module):
    """The parts, in the order in which `voxproof.training.tacotron2` and the exported graphs call them."""

    def __init__(self, config: Tacotron2Config) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        sizes = [config.n_mels, *[config.postnet] * (config.postnet_layers - 1), config.n_mels]
        self.postnet = ConvolutionLayers(sizes, config.kernel, config.dropout, nn.Tanh(), bare_end=True)
        nn.init.constant_(self.postnet.norms[-1].weight, 0.1)  # else it begins by adding noise to the mel
        self.pitch = PitchHead(config)

    def encode(self, symbols: Tensor, speaker: Tensor, lengths: list[int] | None = None) -> Tensor:
        """States with the speaker joined to each, `(batch, phonemes, encoder + embedding_size + 1)`."""
        states = self.encoder(symbols, lengths)
        return torch.cat([states, speaker.unsqueeze(1).expand(-1, states.shape[1], -1)], dim=-1)

    def refine(self, mel: Tensor, mask: Tensor) -> Tensor:
        """The decoder's mel with what the postnet adds, `(batch, frames, n_mels)`."""
        out: Tensor = mel + self.postnet(mel, mask)
        return out

    @staticmethod
    def speaker(embedding: Tensor, register: Tensor) -> Tensor:
        """See `speaker_vector`."""
        return speaker_vector(embedding, register)
