"""Too few bits."""

import numpy as np

from voxproof.degradation.codecs.g711 import mu_law
from voxproof.degradation.kind import Floats


def quantised(samples: Floats, bits: int) -> Floats:
    """Rounded to the `2 ** bits` steps of full scale."""
    steps = np.float32(2 ** (bits - 1))
    return np.asarray(np.clip(np.round(samples * steps), -steps, steps - 1) / steps, np.float32)


def quantisation(samples: Floats, rng: np.random.Generator) -> Floats:
    """With its peak at full scale, rounded to 8 to 14 bits, or companded by mu-law to 8 bits at the full rate."""
    peak = np.float32(max(float(np.abs(samples).max(initial=0.0)), 1e-9))
    if rng.random() < 0.5:
        return quantised(samples / peak, int(rng.integers(8, 15))) * peak
    return mu_law(samples / peak) * peak
