"""Played by a small loudspeaker in a room and recorded again: the attack that needs no skill."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from voxproof.degradation.level import add_under
from voxproof.degradation.noise import coloured
from voxproof.degradation.room import far_field, room
from voxproof.evaluation.attacks.attack import RATE, Attack, Transform
from voxproof.features.mel import Floats

_PINK = -0.5  # magnitudes fall by 3 dB an octave
_DRIVE = 1.5  # how far into its limits the cone is driven, for a peak of 1
_NOISE = 25.0  # dB under the speech


@lru_cache
def _band() -> NDArray[np.float64]:
    # A telephone's or laptop's loudspeaker gives little below 300 Hz and above 6.5 kHz.
    return np.asarray(signal.butter(2, (300.0, 6500.0), "bandpass", fs=RATE, output="sos"))


def loudspeaker(samples: Floats) -> Floats:
    """What a small loudspeaker makes of samples: its band, and a cone that gives way when it is driven hard."""
    peak = np.float32(np.abs(samples).max(initial=0.0) + 1e-9)
    driven = np.tanh(_DRIVE * samples / peak) / np.tanh(_DRIVE) * peak
    return np.asarray(signal.sosfilt(_band(), driven), np.float32)


def rerecorded(far: bool) -> Transform:
    """Loudspeaker, one of 512 rooms with the microphone near or `far`, and pink noise 25 dB under the speech."""

    def run(samples: Floats, rng: np.random.Generator) -> Floats:
        heard = (far_field if far else room)(loudspeaker(samples), rng)
        return add_under(heard, coloured(len(heard), _PINK, rng), _NOISE)

    return run


ATTACKS = (
    Attack("re-recorded near", "small loudspeaker, room, microphone within 1.5 m, noise at 25 dB", rerecorded(False)),
    Attack("re-recorded far", "small loudspeaker, echoing room, microphone far away, noise at 25 dB", rerecorded(True)),
)
