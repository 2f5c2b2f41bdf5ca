"""Losses that synthesizers share; each is a mean over what is not padding."""

import torch.nn.functional as F
from torch import Tensor


def masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    """Mean of `values` `(batch, length, channels)` where `mask` `(batch, length, 1)` is 1."""
    return (values * mask).sum() / (mask.sum() * values.shape[-1]).clamp_min(1)


def mel_l1(made: Tensor, heard: Tensor, mask: Tensor) -> Tensor:
    """Mean absolute difference of two mels `(batch, frames, n_mels)`."""
    return masked_mean((made - heard).abs(), mask)


def poisson_durations(log_durations: Tensor, wanted: Tensor, mask: Tensor) -> Tensor:
    """Negative log-likelihood of durations `(batch, phonemes)` whose mean is the guess; `mask` `(batch, phonemes, 1)`.

    Its best guess is the mean. The squared error of logarithms guesses the geometric mean, and speech came out a third
    too fast.
    """
    return masked_mean((log_durations.exp() - wanted * log_durations).unsqueeze(-1), mask)


def melody_l1(made: Tensor, heard: Tensor, mask: Tensor) -> Tensor:
    """Mean absolute difference of log f0 where a voice is heard; both `(batch, frames, 2)`: log f0, voicing."""
    return masked_mean((made[..., :1] - heard[..., :1]).abs(), heard[..., 1:] * mask)


def voicing_entropy(made: Tensor, heard: Tensor, mask: Tensor) -> Tensor:
    """Cross-entropy of the voicing's logit; both `(batch, frames, 2)`: log f0, voicing."""
    return masked_mean(F.binary_cross_entropy_with_logits(made[..., 1:], heard[..., 1:], reduction="none"), mask)
