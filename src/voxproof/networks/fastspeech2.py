"""FastSpeech 2 (arXiv 2006.04558): phonemes to durations, pitch and energy to mel, all frames at once.

What differs from the paper: durations come from an alignment that is learned with the network (as in Cantor), pitch is
relative to the speaker's median and put in as a number instead of one of 256 steps, and the speaker's vector is added
to the encoder's states. `reduction` frames pass through the decoder as one. A flow-matching decoder (Matcha-TTS) can
stand in the decoder's place.
"""

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from voxproof.networks.length_regulator import group, regulate
from voxproof.networks.matcha import FlowDecoder, MatchaConfig
from voxproof.networks.self_attention import SelfAttention, sinusoids
from voxproof.networks.speaker_vector import MOSTLY_VOICED, speaker_vector

_USUAL_FRAMES = 5.0  # of a phoneme: what the duration predictor says before it has learned anything


@dataclass(frozen=True)
class FastSpeech2Config:
    """Sizes: the paper's. `decoder` is `transformer` or `flow`; `flow` overrides sizes of `MatchaConfig`."""

    symbols: int
    n_mels: int = 80
    embedding_size: int = 256
    hidden: int = 256
    heads: int = 2
    encoder_layers: int = 4
    decoder_layers: int = 4
    filter: int = 1024
    kernel: int = 9
    predictor: int = 256
    duration_layers: int = 2
    duration_kernel: int = 3
    variance_layers: int = 5
    variance_kernel: int = 5
    reduction: int = 1
    dropout: float = 0.1
    predictor_dropout: float = 0.5
    decoder: str = "transformer"
    flow: dict[str, Any] = field(default_factory=dict)


class FeedForwardTransformer(nn.Module):
    """Blocks of self-attention and two convolutions (arXiv 1905.09263), each with residual and layer norm."""

    def __init__(self, layers: int, config: FastSpeech2Config) -> None:
        super().__init__()
        c, f, k = config.hidden, config.filter, config.kernel
        self.dropout = config.dropout
        self.attention = nn.ModuleList(SelfAttention(c, config.heads) for _ in range(layers))
        self.wide = nn.ModuleList(nn.Conv1d(c, f, k, padding=k // 2) for _ in range(layers))
        self.narrow = nn.ModuleList(nn.Conv1d(f, c, 1) for _ in range(layers))
        self.norms = nn.ModuleList(nn.LayerNorm(c) for _ in range(2 * layers))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x` `(batch, length, hidden)`, `mask` `(batch, length, 1)`."""
        x = (x + sinusoids(x.shape[1], x.shape[2], x.device)) * mask
        for layer, attention in enumerate(self.attention):
            y = F.dropout(attention(x, mask), self.dropout, self.training)
            x = self.norms[2 * layer](x + y) * mask
            y = self.narrow[layer](torch.relu(self.wide[layer](x.transpose(1, 2)))).transpose(1, 2)
            x = self.norms[2 * layer + 1](x + F.dropout(y, self.dropout, self.training)) * mask
        return x


class VariancePredictor(nn.Module):
    """Convolutions with ReLU, layer norm and dropout, then a linear layer: one or two numbers a place."""

    def __init__(self, layers: int, kernel: int, outputs: int, config: FastSpeech2Config) -> None:
        super().__init__()
        sizes = [config.hidden, *[config.predictor] * layers]
        self.dropout = config.predictor_dropout
        self.convolutions = nn.ModuleList(
            nn.Conv1d(before, after, kernel, padding=kernel // 2) for before, after in pairwise(sizes)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(size) for size in sizes[1:])
        self.leave = nn.Linear(sizes[-1], outputs)
        nn.init.normal_(self.leave.weight, std=0.02)  # what is said before anything is learned: the bias

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`(batch, length, hidden)` to `(batch, length, outputs)`."""
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = torch.relu(convolution((x * mask).transpose(1, 2))).transpose(1, 2)
            x = F.dropout(norm(x), self.dropout, self.training)
        out: Tensor = self.leave(x)
        return out


class FastSpeech2(nn.Module):
    """The parts, in the order in which `voxproof.training.fastspeech2` and the exported graphs call them."""

    def __init__(self, config: FastSpeech2Config) -> None:
        super().__init__()
        self.config = config
        c = config.hidden
        self.condition = nn.Linear(config.embedding_size + 1, c)
        self.symbol = nn.Embedding(config.symbols, c)
        self.encoder = FeedForwardTransformer(config.encoder_layers, config)
        self.prior = nn.Linear(c, config.n_mels)
        self.duration = VariancePredictor(config.duration_layers, config.duration_kernel, 1, config)
        nn.init.constant_(self.duration.leave.bias, math.log(_USUAL_FRAMES))
        self.regulated = nn.Linear(c + 3, c)
        self.pitch = VariancePredictor(config.variance_layers, config.variance_kernel, 2, config)
        nn.init.constant_(self.pitch.leave.bias[1:], MOSTLY_VOICED)
        self.energy = VariancePredictor(config.variance_layers, config.variance_kernel, 1, config)
        self.pitch_in = nn.Linear(2, c)
        self.energy_in = nn.Linear(1, c)
        self.flow: FlowDecoder | None = None
        if config.decoder == "flow":
            self.flow = FlowDecoder(MatchaConfig(condition=c, n_mels=config.n_mels, **config.flow))
        elif config.decoder == "transformer":
            self.decoder_in = nn.Linear(config.reduction * c, c)
            self.decoder = FeedForwardTransformer(config.decoder_layers, config)
            self.mel_out = nn.Linear(c, config.reduction * config.n_mels)
        else:
            raise ValueError(f"no decoder is called {config.decoder!r}: transformer or flow")

    def encode(self, symbols: Tensor, embedding: Tensor, register: Tensor) -> Tensor:
        """States of the phonemes with the speaker in them, `(batch, phonemes, hidden)`; symbol 0 is padding.

        `embedding` `(batch, size)` of length one, `register` `(batch,)`: log of the median pitch.
        """
        mask = (symbols > 0).unsqueeze(-1).float()
        states = self.encoder(self.symbol(symbols), mask)
        return (states + self.condition(speaker_vector(embedding, register)).unsqueeze(1)) * mask

    def prior_mel(self, states: Tensor) -> Tensor:
        """The mel that each phoneme expects, `(batch, phonemes, n_mels)`: what the alignment is found by."""
        out: Tensor = self.prior(states)
        return out

    def log_durations(self, states: Tensor, mask: Tensor) -> Tensor:
        """Log of frames of each phoneme, `(batch, phonemes)`."""
        out: Tensor = self.duration(states, mask)
        return out.squeeze(-1)

    def frames(self, states: Tensor, index: Tensor, place: Tensor) -> Tensor:
        """States of the frames, `(batch, frames, hidden)`; see `regulate`."""
        out: Tensor = self.regulated(regulate(states, index, place))
        return out

    def variances(self, frames: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Pitch `(batch, frames, 2)` (log f0 above the median, the voicing's logit), energy `(batch, frames, 1)`.

        Both are read off the same frames, so that a change of one does not move the other.
        """
        return self.pitch(frames, mask), self.energy(frames, mask)

    def adapt(self, frames: Tensor, pitch: Tensor, energy: Tensor) -> Tensor:
        """Frames with pitch `(batch, frames, 2)` (log f0 above the median, voicing 0 or 1) and energy put in."""
        out: Tensor = frames + self.pitch_in(pitch) + self.energy_in(energy)
        return out

    def decode(self, frames: Tensor, mask: Tensor) -> Tensor:
        """Normalised mel `(batch, frames, n_mels)` by the transformer; frames are a multiple of `reduction`."""
        size = self.config.reduction
        x = self.decoder(self.decoder_in(group(frames, size)), mask[:, ::size])
        out: Tensor = self.mel_out(x)
        return out.reshape(frames.shape[0], frames.shape[1], self.config.n_mels)
