"""How loud speech is, against itself, against full scale, and against something else."""

import numpy as np

from voxproof.degradation.kind import Floats, Numbers

_GAINS = (-30.0, 10.0)  # dB
_LOUDEST = 0.99  # of full scale, where clipping is avoided


def power(samples: Numbers) -> float:
    """Mean of the squares; 0 of nothing."""
    return float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0


def gain_under(speech: Numbers, other: Numbers, decibels: float) -> float:
    """What brings `other` the given number of decibels under `speech`; 0 where either is silent."""
    below = power(other)
    return float(np.sqrt(power(speech) / below) * 10 ** (-decibels / 20)) if below > 0 else 0.0


def add_under(speech: Floats, other: Numbers, decibels: float) -> Floats:
    """`speech` and, the given number of decibels below its power, `other`; both `[n]`."""
    return np.asarray(speech + np.float32(gain_under(speech, other, decibels)) * other, np.float32)


def keep_level(before: Floats, after: Numbers) -> Floats:
    """`after` at the level of `before`."""
    return np.asarray(after * np.float32(gain_under(before, after, 0.0)), np.float32)


def gain(samples: Floats, rng: np.random.Generator) -> Floats:
    """30 dB softer to 10 dB louder. Half of the time it stops at full scale; else what lies above is cut off."""
    factor = 10 ** (rng.uniform(*_GAINS) / 20)
    peak = float(np.abs(samples).max(initial=0.0))
    if rng.random() < 0.5 and peak > 0:
        factor = min(factor, max(_LOUDEST / peak, 1.0))
    return np.asarray(np.clip(samples * np.float32(factor), -1.0, 1.0), np.float32)


def offset(samples: Floats, rng: np.random.Generator) -> Floats:
    """A constant of up to a tenth of full scale: a bad sound card."""
    return samples + np.float32(rng.uniform(0.001, 0.1) * rng.choice([-1, 1]))


def normalisation(samples: Floats, rng: np.random.Generator) -> Floats:
    """The peak brought to 0.3 to 1 of full scale; silence stays silent."""
    peak = float(np.abs(samples).max(initial=0.0))
    wanted = rng.uniform(0.3, 1.0)
    return samples * np.float32(wanted / peak) if peak > 0 else samples.copy()


def clipping(samples: Floats, rng: np.random.Generator) -> Floats:
    """The loudest samples, from one in two thousand to one in thirty, cut off at one height."""
    share = 10 ** rng.uniform(-3.3, -1.5)
    top = np.partition(np.abs(samples), -max(1, int(share * len(samples))))[-max(1, int(share * len(samples)))]
    return np.clip(samples, -top, top)
