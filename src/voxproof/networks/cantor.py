"""Cantor: our synthesizer. From phonemes and a speaker embedding to pitch and mel, all frames at once.

Durations come from a learned monotonic alignment (Glow-TTS, arXiv 2005.11129), pitch is predicted before the mel and
given to its decoder (FastSpeech 2, arXiv 2006.04558), and all blocks are ConvNeXt blocks whose layer norm is driven by
the speaker. The decoder works on pairs of frames: half the cost, and no loss that can be heard at 80 frames a second.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from voxproof.networks.convnext import ConvNeXtBlock
from voxproof.networks.length_regulator import group, regulate
from voxproof.networks.speaker_vector import speaker_vector


@dataclass(frozen=True)
class CantorConfig:
    """Sizes of the network."""

    symbols: int
    n_mels: int = 80
    embedding_size: int = 256
    condition_size: int = 128
    encoder_channels: int = 256
    encoder_blocks: int = 4
    decoder_channels: int = 320
    decoder_blocks: int = 6
    pitch_channels: int = 192
    pitch_blocks: int = 3
    expansion: int = 3
    kernel: int = 7


MEL_MEAN, MEL_SCALE = -5.5, 2.0  # of the project's log-mel over speech: what the network sees has mean 0, deviation 1


class Stack(nn.Module):
    """Conditioned ConvNeXt blocks with a layer norm at the end; masked so that padding stays silent."""

    def __init__(self, channels: int, blocks: int, config: CantorConfig) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            ConvNeXtBlock(channels, config.expansion * channels, config.kernel, config.condition_size, blocks)
            for _ in range(blocks)
        )
        self.norm = nn.LayerNorm(channels, eps=1e-6)

    def forward(self, x: Tensor, condition: Tensor, mask: Tensor) -> Tensor:
        """x `(batch, length, channels)`, mask `(batch, length, 1)`."""
        for block in self.blocks:
            x = block(x, condition) * mask
        out: Tensor = self.norm(x) * mask
        return out


class Cantor(nn.Module):
    """The parts, in the order in which `voxproof.training.synthesizer` and the exported graph call them."""

    def __init__(self, config: CantorConfig) -> None:
        super().__init__()
        self.config = config
        c, d, p = config.encoder_channels, config.decoder_channels, config.pitch_channels
        self.condition = nn.Sequential(nn.Linear(config.embedding_size + 1, config.condition_size), nn.GELU())
        self.symbol = nn.Embedding(config.symbols, c)
        self.encoder = Stack(c, config.encoder_blocks, config)
        self.prior = nn.Linear(c, config.n_mels)
        self.prior_speaker = nn.Linear(config.condition_size, config.n_mels)
        self.duration_in = nn.Linear(c, p)
        self.duration_stack = Stack(p, 2, config)
        self.duration_out = nn.Linear(p, 1)
        self.pitch_in = nn.Linear(2 * c + 6, p)
        self.pitch_stack = Stack(p, config.pitch_blocks, config)
        self.pitch_out = nn.Linear(p, 4)
        self.decoder_in = nn.Linear(2 * c + 6 + 4, d)
        self.decoder = Stack(d, config.decoder_blocks, config)
        self.mel_out = nn.Linear(d, 2 * config.n_mels)

    def speaker(self, embedding: Tensor, register: Tensor) -> Tensor:
        """Condition from a unit-norm embedding `(batch, size)` and the speaker's median log f0 `(batch,)`."""
        out: Tensor = self.condition(speaker_vector(embedding, register))
        return out

    def encode(self, symbols: Tensor, condition: Tensor) -> Tensor:
        """States of the phonemes, `(batch, length, channels)`; symbol 0 is padding."""
        mask = (symbols > 0).unsqueeze(-1).float()
        out: Tensor = self.encoder(self.symbol(symbols) * mask, condition, mask)
        return out

    def prior_mel(self, states: Tensor, condition: Tensor) -> Tensor:
        """The mel (normalised) that each phoneme expects, `(batch, length, n_mels)`: what the alignment is found by."""
        out: Tensor = self.prior(states) + self.prior_speaker(condition).unsqueeze(1)
        return out

    def log_durations(self, states: Tensor, condition: Tensor, mask: Tensor) -> Tensor:
        """Log of frames of each phoneme, `(batch, length)`."""
        out: Tensor = self.duration_out(self.duration_stack(self.duration_in(states), condition, mask))
        return out.squeeze(-1)

    def pitch(self, pairs: Tensor, condition: Tensor, mask: Tensor) -> Tensor:
        """`(batch, 2 * pairs, 2)`: log f0 above the speaker's median, and the voicing's logit."""
        out: Tensor = self.pitch_out(self.pitch_stack(self.pitch_in(pairs), condition, mask))
        return out.reshape(out.shape[0], -1, 2)

    def decode(self, pairs: Tensor, pitch: Tensor, condition: Tensor, mask: Tensor) -> Tensor:
        """Normalised mel `(batch, 2 * pairs, n_mels)`; pitch `(batch, 2 * pairs, 2)`: relative log f0, voicing."""
        seen = pitch.reshape(pitch.shape[0], -1, 4)
        x = self.decoder(self.decoder_in(torch.cat([pairs, seen], dim=-1)), condition, mask)
        out: Tensor = self.mel_out(x)
        return out.reshape(out.shape[0], -1, self.config.n_mels)


def expand(states: Tensor, index: Tensor, place: Tensor) -> Tensor:
    """Frames from phonemes, in pairs: `(batch, frames / 2, 2 * channels + 6)`; see `regulate`. Frames are even."""
    return group(regulate(states, index, place), 2)
