"""A twentieth slower or faster at the same pitch."""

from functools import partial

import numpy as np

from voxproof.evaluation.attacks.attack import Attack
from voxproof.evaluation.attacks.stretching import wsola
from voxproof.features.mel import Floats


def at_speed(samples: Floats, rng: np.random.Generator, *, speed: float) -> Floats:
    """By WSOLA, so that pieces of the waveform stay what they are."""
    return wsola(samples, speed)


ATTACKS = (
    Attack("tempo -5 %", "slower by WSOLA", partial(at_speed, speed=0.95)),
    Attack("tempo +5 %", "faster by WSOLA", partial(at_speed, speed=1.05)),
)
