"""Griffin-Lim (1984, in its fast form): no training, the floor that every vocoder has to beat."""

import numpy as np

from voxproof.features.mel import Floats, mel_filters
from voxproof.vocoders.base import Vocoder, vocoders
from voxproof.vocoders.phase import project


@vocoders.register("griffinlim")
class GriffinLim(Vocoder):
    """Linear magnitude by the mel filters' pseudo-inverse, phase by projections from noise."""

    def __init__(self, iterations: int = 32) -> None:
        self.name = "griffinlim"
        self.iterations = iterations
        self._inverse = np.linalg.pinv(mel_filters(self.spec)).astype(np.float32)

    def vocode(self, mel: Floats, f0: Floats | None = None, *, seed: int = 0) -> Floats:
        """See `Vocoder.vocode`; f0 is not used."""
        magnitude = np.maximum(self._inverse @ np.exp(mel), self.spec.floor).T
        angle = np.random.default_rng(seed).uniform(0, 2 * np.pi, magnitude.shape).astype(np.float32)
        return project(magnitude, np.exp(1j * angle), self.iterations, self.spec)
