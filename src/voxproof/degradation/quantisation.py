"""Too few bits."""

import numpy as np

from voxproof.degradation.kind import Floats


def quantisation(samples: Floats, rng: np.random.Generator) -> Floats:
    """Rounded to 8 to 14 bits, or companded by mu-law to 8 bits as telephones do."""
    peak = max(float(np.abs(samples).max()), 1e-9)
    scaled = samples / np.float32(peak)
    if rng.random() < 0.5:
        steps = np.float32(2 ** int(rng.integers(7, 14)))
        return np.asarray(np.round(scaled * steps) / steps * np.float32(peak), np.float32)
    companded = np.sign(scaled) * np.log1p(255 * np.abs(scaled)) / np.log(256.0)
    rounded = np.round(companded * 127) / 127
    return np.asarray(np.sign(rounded) * np.expm1(np.abs(rounded) * np.log(256.0)) / 255 * peak, np.float32)
