"""The length regulator (FastSpeech, arXiv 1905.09263): a state a phoneme becomes a state a frame."""

import torch
from torch import Tensor


def regulate(states: Tensor, index: Tensor, place: Tensor) -> Tensor:
    """States of the frames and where each stands in its phoneme, `(batch, frames, channels + 3)`.

    `states` `(batch, phonemes, channels)`; `index` `(batch, frames)`: the phoneme of each frame; `place` `(batch,
    frames, 3)`: how far the frame is into its phoneme (0 to 1), how far from its end, and the log of the phoneme's
    frames.
    """
    return torch.cat([repeat(states, index), place], dim=-1)


def repeat(states: Tensor, index: Tensor) -> Tensor:
    """`(batch, frames, channels)`: the state of each frame's phoneme."""
    return torch.gather(states, 1, index.unsqueeze(-1).expand(-1, -1, states.shape[-1]))


def group(frames: Tensor, size: int) -> Tensor:
    """Neighbouring frames as one: `(batch, frames, channels)` to `(batch, frames / size, size * channels)`."""
    return frames.reshape(frames.shape[0], frames.shape[1] // size, size * frames.shape[2])
