"""Two semitones up or down at the same tempo."""

from functools import partial

import numpy as np

from voxproof.evaluation.attacks.attack import Attack
from voxproof.evaluation.attacks.stretching import Stretch, phase_vocoder, shifted, wsola
from voxproof.features.mel import Floats


def moved_pitch(samples: Floats, rng: np.random.Generator, *, semitones: float, stretch: Stretch) -> Floats:
    """As long as before."""
    return shifted(samples, semitones, stretch)


ATTACKS = (
    Attack("pitch -2", "two semitones down by WSOLA", partial(moved_pitch, semitones=-2, stretch=wsola)),
    Attack("pitch +2", "two semitones up by WSOLA", partial(moved_pitch, semitones=2, stretch=wsola)),
    Attack(
        "pitch +2, phase vocoder",
        "two semitones up by a phase vocoder",
        partial(moved_pitch, semitones=2, stretch=phase_vocoder),
    ),
)
