"""What an overdriven or crooked amplifier does."""

import numpy as np

from voxproof.degradation.kind import Floats


def distortion(samples: Floats, rng: np.random.Generator) -> Floats:
    """Soft clipping, or added harmonics of second and third order."""
    peak = float(np.abs(samples).max()) + 1e-9
    scaled = samples / np.float32(peak)
    if rng.random() < 0.5:
        drive = rng.uniform(1, 4)
        shaped = np.tanh(np.float32(drive) * scaled) / np.float32(np.tanh(drive))
    else:
        second, third = rng.uniform(-0.1, 0.1, 2).astype(np.float32)
        square = scaled * scaled
        shaped = scaled + second * square + third * square * scaled
    return np.asarray(shaped * np.float32(peak), np.float32)
