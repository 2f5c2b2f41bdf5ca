"""Rooms: what the walls send back."""

import numpy as np
from scipy import signal

from voxproof.degradation.kind import RATE, Floats
from voxproof.degradation.level import keep_level


def room(samples: Floats, rng: np.random.Generator) -> Floats:
    """A synthetic room: noise that decays within 0.1 to 0.6 s behind the direct sound."""
    decay = rng.uniform(0.1, 0.6)
    response = rng.standard_normal(int(decay * RATE)) * np.exp(-6.9 * np.arange(int(decay * RATE)) / (decay * RATE))
    response *= rng.uniform(0.1, 0.6) / np.sqrt((response**2).sum())
    response[0] = 1.0
    return keep_level(samples, signal.fftconvolve(samples, response)[: len(samples)])
