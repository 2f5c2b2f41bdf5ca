"""The response of a microphone, of a player, of an equaliser."""

import numpy as np
from scipy import signal

from voxproof.degradation.kind import RATE, Floats
from voxproof.degradation.level import keep_level


def filtering(samples: Floats, rng: np.random.Generator) -> Floats:
    """One to five random notches or boosts of up to 12 dB, as in a microphone's or a player's response."""
    bands = int(rng.integers(1, 6))
    places = np.sort(rng.uniform(50, 7900, bands))
    frequencies = np.concatenate([[0.0], places, [RATE / 2]])
    gains = 10 ** (np.concatenate([[0.0], rng.uniform(-12, 12, bands), [rng.uniform(-6, 6)]]) / 20)
    taps = signal.firwin2(2 * int(rng.integers(10, 60)) + 1, frequencies, gains, fs=RATE).astype(np.float32)
    return keep_level(samples, signal.oaconvolve(samples, taps, mode="same"))
