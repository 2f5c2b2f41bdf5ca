"""Half of the recording is another one's: fakes become half real, real clips half another real clip."""

import numpy as np

from voxproof.evaluation.attacks.attack import Attack
from voxproof.evaluation.splices import join
from voxproof.features.mel import Floats


def half_real(samples: Floats, real: Floats, rng: np.random.Generator) -> Floats:
    """Half of `samples` and as much of a real recording (or all that there is of it), in random order."""
    half = max(1, len(samples) // 2)
    start = int(rng.integers(0, len(samples) - half + 1))
    length = min(half, len(real))
    other = int(rng.integers(0, len(real) - length + 1))
    parts = [samples[start : start + half], real[other : other + length]]
    whole, _ = join(parts[::-1] if rng.random() < 0.5 else parts)
    return whole


ATTACKS = (Attack("spliced", "half of it a real clip of the same page, crossfaded", mixture=half_real),)
