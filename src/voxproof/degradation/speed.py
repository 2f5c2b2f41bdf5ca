"""Played a little too fast or too slow."""

import numpy as np
import soxr

from voxproof.degradation.kind import RATE, Floats, fit


def speed(samples: Floats, rng: np.random.Generator) -> Floats:
    """Played up to 8 % faster or slower; the gap is filled by repeating the start."""
    factor = rng.uniform(0.92, 1.08)
    return fit(soxr.resample(samples, RATE * factor, RATE, quality="HQ"), len(samples))
