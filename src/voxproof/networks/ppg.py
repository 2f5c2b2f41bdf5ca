"""Voice conversion through phonetic posteriorgrams, for any target voice.

After Sun et al., "Phonetic posteriorgrams for many-to-one voice conversion without parallel data training" (ICME 2016).

A recogniser turns frames into probabilities of phonemes, which hold what is said and not who says it; a decoder turns
them, with pitch, energy and the target's embedding, into mel. Both work on pairs of frames.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from voxproof.networks.cantor import CantorConfig, Stack
from voxproof.networks.convnext import ConvNeXtBlock
from voxproof.networks.speaker_vector import speaker_vector


@dataclass(frozen=True)
class PpgConfig:
    """Sizes of both networks."""

    symbols: int
    n_mels: int = 80
    embedding_size: int = 256
    condition_size: int = 128
    recogniser_channels: int = 256
    recogniser_blocks: int = 5
    decoder_channels: int = 288
    decoder_blocks: int = 5
    expansion: int = 3
    kernel: int = 7


class Recogniser(nn.Module):
    """Normalised mel `(batch, frames, n_mels)` to logits of phonemes `(batch, frames, symbols)`; frames are even."""

    def __init__(self, config: PpgConfig) -> None:
        super().__init__()
        c = config.recogniser_channels
        self.symbols = config.symbols
        self.enter = nn.Linear(2 * config.n_mels, c)
        self.blocks = nn.ModuleList(
            ConvNeXtBlock(c, config.expansion * c, config.kernel, depth=config.recogniser_blocks)
            for _ in range(config.recogniser_blocks)
        )
        self.norm = nn.LayerNorm(c, eps=1e-6)
        self.leave = nn.Linear(c, 2 * config.symbols)

    def forward(self, mel: Tensor, mask: Tensor) -> Tensor:
        """`mask` `(batch, frames / 2, 1)`. Each clip's mean spectrum is taken away: it tells who speaks, not what."""
        pairs = mel.reshape(mel.shape[0], -1, 2 * mel.shape[2])
        mean = (pairs * mask).sum(1, keepdim=True) / mask.sum(1, keepdim=True)
        x = self.enter((pairs - mean) * mask)
        for block in self.blocks:
            x = block(x) * mask
        logits: Tensor = self.leave(self.norm(x))
        return logits.reshape(mel.shape[0], mel.shape[1], self.symbols)


class PpgDecoder(nn.Module):
    """Posteriors, pitch and energy to normalised mel in the voice of an embedding."""

    def __init__(self, config: PpgConfig) -> None:
        super().__init__()
        d = config.decoder_channels
        sizes = CantorConfig(
            config.symbols, condition_size=config.condition_size, expansion=config.expansion, kernel=config.kernel
        )
        self.n_mels = config.n_mels
        self.condition = nn.Sequential(nn.Linear(config.embedding_size + 1, config.condition_size), nn.GELU())
        self.enter = nn.Linear(2 * (config.symbols + 3), d)
        self.stack = Stack(d, config.decoder_blocks, sizes)
        self.leave = nn.Linear(d, 2 * config.n_mels)

    def forward(self, posteriors: Tensor, prosody: Tensor, embedding: Tensor, register: Tensor, mask: Tensor) -> Tensor:
        """`posteriors` `(batch, frames, symbols)`, `prosody` `(batch, frames, 3)`: relative log f0, voicing, energy.

        `embedding` `(batch, 256)` of length one, `register` `(batch,)`: log of the median pitch; mel as in Cantor.
        """
        condition = self.condition(speaker_vector(embedding, register))
        frames = torch.cat([posteriors, prosody], dim=-1)
        pairs = frames.reshape(frames.shape[0], -1, 2 * frames.shape[2])
        mel: Tensor = self.leave(self.stack(self.enter(pairs), condition, mask))
        return mel.reshape(mel.shape[0], -1, self.n_mels)


class Ppg(nn.Module):
    """Both, as they are trained."""

    def __init__(self, config: PpgConfig) -> None:
        super().__init__()
        self.recogniser = Recogniser(config)
        self.decoder = PpgDecoder(config)


def energy(mel: Tensor, mask: Tensor) -> Tensor:
    """How loud each frame is above the clip's mean, from normalised mel; as the mask, `(batch, frames, 1)`."""
    level = mel.mean(-1, keepdim=True)
    return (level - (level * mask).sum(1, keepdim=True) / mask.sum(1, keepdim=True)) * mask
