"""What else sounds while somebody speaks."""

import numpy as np

from voxproof.degradation.kind import Floats
from voxproof.degradation.level import gain_under


def noise(samples: Floats, rng: np.random.Generator) -> Floats:
    """Steady noise of random colour, 8 to 40 dB under the speech."""
    white = rng.standard_normal(len(samples))
    spectrum = np.fft.rfft(white)
    slope = rng.uniform(-1.2, 0.4)  # exponent of frequency: -1 is red, -0.5 pink, 0 white
    spectrum *= np.maximum(np.arange(len(spectrum)), 20.0) ** slope
    coloured = np.fft.irfft(spectrum, len(samples))
    return samples + (coloured * gain_under(samples, coloured, rng.uniform(8, 40))).astype(np.float32)
