"""GE2E speaker encoder (Wan et al., "Generalized end-to-end loss for speaker verification", arXiv 1710.10467).

Three LSTM layers over mel frames; the last state of the last layer, projected, rectified and scaled to length one, is
the embedding. Names and shapes of the parameters are those of the Resemblyzer checkpoint, so that
`read_torch_tensors(pretrained.pt)` loads into it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

SMALLEST_WEIGHT = 1e-6
"""Of the cosines: the paper's w > 0, so that a larger cosine is a greater likeness."""


@dataclass(frozen=True)
class Ge2eConfig:
    """Sizes; the defaults are those of the published weights (1.4 M parameters)."""

    n_mels: int = 40
    hidden: int = 256
    layers: int = 3
    dim: int = 256


class Ge2e(nn.Module):
    """Mel frames -> unit-norm embedding."""

    def __init__(self, config: Ge2eConfig | None = None) -> None:
        super().__init__()
        self.config = config or Ge2eConfig()
        self.lstm = nn.LSTM(self.config.n_mels, self.config.hidden, self.config.layers, batch_first=True)
        self.linear = nn.Linear(self.config.hidden, self.config.dim)
        # Scale w and offset b of the cosines (equation 5 of the paper); they take no part in inference.
        self.similarity_weight = nn.Parameter(torch.tensor([10.0]))
        self.similarity_bias = nn.Parameter(torch.tensor([-5.0]))

    def forward(self, mels: Tensor) -> Tensor:
        """Embed partial utterances: `(batch, frames, n_mels)` -> `(batch, dim)`, each of length one.

        A partial of silence may rectify to nothing; it stays the zero vector instead of becoming NaN.
        """
        _, (hidden, _) = self.lstm(mels)
        return F.normalize(torch.relu(self.linear(hidden[-1])), dim=1, eps=1e-8)

    def similarities(self, embeddings: Tensor) -> Tensor:
        """Scaled cosines (equation 5) of `(speakers, utterances, dim)` to all centroids.

        `(speakers, utterances, speakers)` comes back. An utterance is left out of the centroid of its own speaker
        (equations 8 and 9), which keeps the loss from the trivial answer.
        """
        speakers, utterances, _ = embeddings.shape
        total = embeddings.sum(dim=1)
        centroids = F.normalize(total, dim=1)
        own = F.normalize((total[:, None] - embeddings) / max(utterances - 1, 1), dim=2)
        cosines = torch.einsum("sud,cd->suc", embeddings, centroids)
        same = torch.arange(speakers, device=embeddings.device)
        cosines = cosines.clone()
        cosines[same, :, same] = (embeddings * own).sum(dim=2)
        return self.similarity_weight.clamp(min=SMALLEST_WEIGHT) * cosines + self.similarity_bias

    def loss(self, embeddings: Tensor) -> Tensor:
        """Softmax loss of `(speakers, utterances, dim)` (equation 6): each utterance against all centroids.

        A mean over utterances, where the paper has a sum (equation 10), so that it does not hang on the batch.
        """
        logits = self.similarities(embeddings)
        speakers, utterances, _ = logits.shape
        same = torch.arange(speakers, device=embeddings.device)
        return F.cross_entropy(logits.reshape(-1, speakers), same.repeat_interleave(utterances))

    def contrast_loss(self, embeddings: Tensor) -> Tensor:
        """Contrast loss of `(speakers, utterances, dim)` (equation 7): the own centroid against the nearest other.

        Between 0 and 2; a mean as above. There must be two speakers or more.
        """
        likeness = torch.sigmoid(self.similarities(embeddings))
        own = torch.eye(len(likeness), dtype=torch.bool, device=embeddings.device)[:, None]
        nearest = likeness.masked_fill(own, 0.0).amax(dim=2)
        return (1.0 - likeness.diagonal(dim1=0, dim2=2).T + nearest).mean()

    def load_tensors(self, tensors: Mapping[str, NDArray[Any]], prefix: str = "model_state.") -> None:
        """Take the weights out of a checkpoint read by `voxproof.models.read_torch_tensors`."""
        state = {
            name.removeprefix(prefix): torch.from_numpy(value)
            for name, value in tensors.items()
            if name.startswith(prefix)
        }
        self.load_state_dict(state)
