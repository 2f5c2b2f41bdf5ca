"""Which frames of a recording are whose: a batch laid along its phonemes by the alignment that is learned with it."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxproof.synthesis.frames import lay_out
from voxproof.training.alignment import align
from voxproof.training.transcribed import Batch

Durations = list[NDArray[np.int64]]


@torch.no_grad()
def align_batch(prior: Tensor, batch: Batch) -> Durations:
    """Frames of each phoneme of each clip, by the mel that each phoneme expects, `prior` `(batch, phonemes, n_mels)`.

    The score of a frame is its log-likelihood under a Gaussian of deviation one around that mel (Glow-TTS, arXiv
    2005.11129), less what all phonemes share.
    """
    score = (prior @ batch.mel.transpose(1, 2) - 0.5 * (prior**2).sum(-1, keepdim=True)).numpy()
    return [align(score[k, :n, :f]) for k, (n, f) in enumerate(zip(batch.lengths, batch.frames, strict=True))]


def frames_of_phonemes(durations: Durations, frames: int) -> tuple[Tensor, Tensor]:
    """`index` and `place` of `voxproof.networks.length_regulator.regulate` for a batch padded to `frames`."""
    index = np.zeros((len(durations), frames), np.int64)
    place = np.zeros((len(durations), frames, 3), np.float32)
    for k, own in enumerate(durations):
        n = int(own.sum())
        index[k, :n], place[k, :n] = lay_out(own)
    return torch.from_numpy(index), torch.from_numpy(place)


def padded(durations: Durations, phonemes: int) -> Tensor:
    """The durations as one tensor, `(batch, phonemes)`, 0 where a clip has no phoneme."""
    wanted = torch.zeros(len(durations), phonemes)
    for k, own in enumerate(durations):
        wanted[k, : len(own)] = torch.from_numpy(own).float()
    return wanted


def frame_mask(batch: Batch) -> Tensor:
    """1 on frames of speech and 0 on padding, `(batch, frames, 1)`."""
    mask = torch.zeros(*batch.mel.shape[:2], 1)
    for k, frames in enumerate(batch.frames):
        mask[k, :frames] = 1.0
    return mask


def phoneme_mask(batch: Batch) -> Tensor:
    """1 on phonemes and 0 on padding, `(batch, phonemes, 1)`."""
    return (batch.symbols > 0).unsqueeze(-1).float()
