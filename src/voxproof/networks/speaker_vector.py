"""What a synthesizer is told of a speaker, in numbers near one."""

import torch
from torch import Tensor

LOG_F0_CENTRE = 5.0  # natural logarithm of 148 Hz
MOSTLY_VOICED = 0.5  # the voicing's logit before anything is learned: more than half of the frames have a voice


def speaker_vector(embedding: Tensor, register: Tensor) -> Tensor:
    """`(batch, size + 1)` from a unit-norm embedding `(batch, size)` and the speaker's median log f0 `(batch,)`."""
    scaled = embedding * embedding.shape[1] ** 0.5
    return torch.cat([scaled, 3.0 * (register - LOG_F0_CENTRE).unsqueeze(1)], dim=1)
