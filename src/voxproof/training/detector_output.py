"""The detector's last layer in closed form: ridge regression on what the trained convolutions give.

Gradient steps are dear on a CPU and the last layer has 4,608 inputs: on the same few thousand crops its best weights
follow from one linear system. The ridge, and whether the result replaces the weights that the steps had found or is
averaged with them, is what does best on the held-out pages.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxproof.networks.spectral_detector import SpectralDetector

RIDGES = (0.03, 0.1, 0.3, 1.0, 3.0)  # relative to inputs of variance 1
_SEED = 11


class Draws(Protocol):
    """What gives batches: spectrograms and labels."""

    def draw(self, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """One batch: `(batch, 2, 161, frames)` and `(batch,)`, 1 for fake."""
        ...


@torch.no_grad()
def statistics_of(module: SpectralDetector, spectrograms: Tensor) -> NDArray[np.float64]:
    """What the last layer gets, standardised: `(batch, 4608)`."""
    module.eval()
    frames = module.convolve(spectrograms.contiguous(memory_format=torch.channels_last))
    standardised: Tensor = module.norm(module.statistics(frames))
    return np.asarray(standardised[:, :, 0].numpy(), np.float64)


def ridge_weights(
    inputs: NDArray[np.float64], fake: NDArray[np.bool_], ridge: float
) -> tuple[NDArray[np.float64], float]:
    """Weights `(values,)` and offset that map inputs `(n, values)` to +1 for fake and -1 for real, by least squares."""
    targets = np.where(fake, 1.0, -1.0)
    middle = inputs.mean(0)
    centred = inputs - middle
    values = inputs.shape[1]
    # The dual form: there are fewer clips than values.
    kernel = centred @ centred.T / values
    dual = np.linalg.solve(kernel + ridge * np.eye(len(kernel)), targets - targets.mean())
    weights = centred.T @ dual / values
    return weights, float(targets.mean() - middle @ weights)


def candidates(
    module: SpectralDetector, batches: Draws, clips: int, ridges: Sequence[float] = RIDGES
) -> dict[str, tuple[NDArray[np.float64], float]]:
    """Weights and offsets by name: the module's own, one for each ridge, and the means of the two.

    All are scaled to outputs of variance 1 on the crops they were fitted on, since only ratios of scores matter before
    calibration.
    """
    inputs: list[NDArray[np.float64]] = []
    labels: list[NDArray[np.bool_]] = []
    step = 0
    while sum(len(batch) for batch in labels) < clips:
        spectrograms, fake = batches.draw(np.random.default_rng([_SEED, step]))
        inputs.append(statistics_of(module, spectrograms))
        labels.append(fake.numpy() > 0.5)
        step += 1
    stacked, fakes = np.concatenate(inputs), np.concatenate(labels)

    def scaled(weights: NDArray[np.float64], offset: float) -> tuple[NDArray[np.float64], float]:
        spread = float((stacked @ weights).std()) + 1e-12
        return weights / spread, offset / spread

    own = scaled(module.output.weight.detach().numpy()[0].astype(np.float64), float(module.output.bias.detach()[0]))
    found = {"steps": own}
    for ridge in ridges:
        fitted = scaled(*ridge_weights(stacked, fakes, ridge))
        found[f"ridge {ridge}"] = fitted
        found[f"ridge {ridge} and steps"] = scaled((fitted[0] + own[0]) / 2, (fitted[1] + own[1]) / 2)
    return found


@torch.no_grad()
def set_output(module: SpectralDetector, weights: NDArray[np.float64], offset: float) -> None:
    """Replace the last layer."""
    module.output.weight.copy_(torch.from_numpy(weights.astype(np.float32))[None])
    module.output.bias.fill_(offset)
