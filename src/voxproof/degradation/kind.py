"""What a kind of degradation is: samples in, as many samples out, and nothing decided but by the generator."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.floating]
# float32 `[n]` at 16 kHz and a generator of random numbers to float32 `[n]`, finite. Nothing else has a say in what
# happens, above all not whether the speech is real.
Degradation = Callable[[Floats, np.random.Generator], Floats]

RATE = 16_000  # Hz, of everything here


def fit(samples: Numbers, length: int) -> Floats:
    """Samples `[m]` as float32 `[length]`: cut off behind, or filled with their own start."""
    if len(samples) < length:
        return np.resize(samples, length).astype(np.float32)
    return np.asarray(samples[:length], np.float32)
