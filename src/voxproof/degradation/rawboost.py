"""RawBoost (Tak et al., "RawBoost: A Raw Data Boosting and Augmentation Method", arXiv:2111.04433)."""

import numpy as np

from voxproof.degradation.kind import Floats


def signal_dependent_noise(samples: Floats, rng: np.random.Generator) -> Floats:
    """Impulses at some samples, proportional to the signal (RawBoost's second kind)."""
    hit = rng.random(len(samples)) < rng.uniform(0.0, 0.1)
    return np.where(hit, samples * (1 + rng.uniform(0, 2) * rng.uniform(-1, 1, len(samples))), samples).astype(
        np.float32
    )
