"""The one chain through which real and fake go: each kind with its probability, in the order in which sound travels."""

from collections.abc import Mapping

import numpy as np

from voxproof.degradation import KINDS, Floats
from voxproof.errors import CorpusError


class Augmenter:
    """Applies each kind with its probability, in the order in which sound travels (room before codec)."""

    def __init__(self, probabilities: Mapping[str, float]) -> None:
        unknown = set(probabilities) - set(KINDS)
        if unknown:
            raise CorpusError(f"no augmentation {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
        self.probabilities = {kind: float(probabilities.get(kind, 0.0)) for kind in KINDS}

    def __call__(self, samples: Floats, rng: np.random.Generator) -> Floats:
        """Float32 `(samples,)`, finite and as long as it came."""
        for kind, probability in self.probabilities.items():
            if rng.random() < probability:
                samples = KINDS[kind](samples, rng)
        return np.nan_to_num(samples).astype(np.float32, copy=False)
