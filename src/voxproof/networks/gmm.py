"""The log-likelihood ratio of two Gaussian mixtures over frames: LFCC-GMM, the oldest ASVspoof baseline.

Diagonal covariances make the logarithm of a weighted Gaussian a linear function of the values and their squares, so
both mixtures are one matrix each. arXiv:1911.01601, section 4.
"""

import torch
from torch import Tensor, nn


class MixtureRatio(nn.Module):
    """`(batch, values, frames) -> (batch,)`: mean over frames of log p(frame | synthetic) - log p(frame | genuine).

    Frames are standardised first (both mixtures live in that space), so that the squares stay small.
    """

    centre: Tensor
    spread: Tensor
    slopes: Tensor
    offsets: Tensor

    def __init__(self, components: int, values: int = 60) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(values))
        self.register_buffer("spread", torch.ones(values))
        self.register_buffer("slopes", torch.zeros(2, 2 * values, components))  # genuine, synthetic
        self.register_buffer("offsets", torch.zeros(2, components))

    def set_mixture(self, place: int, weights: Tensor, means: Tensor, variances: Tensor) -> None:
        """Mixture 0 (genuine) or 1 (synthetic): weights `(components,)`, means and variances `(components, values)`."""
        precisions = 1 / variances
        self.slopes[place] = torch.cat([means * precisions, -precisions / 2], dim=1).T
        self.offsets[place] = (
            weights.log()
            - (means.square() * precisions + variances.log() + torch.log(torch.tensor(2 * torch.pi))).sum(1) / 2
        )

    def log_likelihoods(self, features: Tensor) -> Tensor:
        """Of every standardised frame under both mixtures, `(2, batch, frames)`."""
        frames = (features.transpose(1, 2) - self.centre) / self.spread
        terms = torch.cat([frames, frames * frames], dim=2)
        return torch.stack([torch.logsumexp(terms @ self.slopes[i] + self.offsets[i], dim=2) for i in range(2)])

    def forward(self, features: Tensor) -> Tensor:
        """The ratio; see the class."""
        genuine, synthetic = self.log_likelihoods(features).mean(2)
        return synthetic - genuine
