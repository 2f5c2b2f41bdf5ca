"""Bands that are too narrow: a low sampling rate on the way."""

import numpy as np
import soxr

from voxproof.degradation.kind import RATE, Floats, fit


def bandwidth(samples: Floats, rng: np.random.Generator) -> Floats:
    """Resampled to 7 to 15 kHz and back: what lay above is gone."""
    lower = float(rng.choice([8000, 11025, 12000, rng.uniform(7000, 15500)]))
    quality = str(rng.choice(["LQ", "MQ", "HQ"]))
    narrow = soxr.resample(samples, RATE, lower, quality=quality)
    return fit(soxr.resample(narrow, lower, RATE, quality=quality), len(samples))
