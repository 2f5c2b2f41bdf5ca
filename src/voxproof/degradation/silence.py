"""What stands where nobody speaks, as trimming and padding leave it."""

import numpy as np

from voxproof.degradation.kind import Floats


def pauses(samples: Floats, rng: np.random.Generator) -> Floats:
    """Digital silence or faint noise over the start or the end, as trimming and padding leave it."""
    changed = samples.copy()
    length = int(rng.uniform(0.05, 0.25) * len(samples))
    filler = rng.standard_normal(length).astype(np.float32) * float(rng.choice([0.0, 1e-4, 1e-3]))
    if rng.random() < 0.5:
        changed[:length] = filler
    else:
        changed[len(samples) - length :] = filler
    return changed
