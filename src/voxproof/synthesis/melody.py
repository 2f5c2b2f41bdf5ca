"""Pitch as networks give it (log f0 above the speaker's median, and a logit of voicing) and in Hz."""

import numpy as np
from numpy.typing import NDArray

from voxproof.features.mel import Floats
from voxproof.synthesis.base import Factor

_FURTHEST = 1.0  # of log f0 from the median, which is what the networks were trained within


def melody(pitch: Floats, moved: Floats | float = 0.0) -> tuple[Floats, NDArray[np.bool_]]:
    """Log f0 above the median (0 where unvoiced) and voicing, both `(frames,)`, from a network's `(frames, 2)`.

    `moved` is added to the logarithm, one number or one a frame.
    """
    voiced = pitch[:, 1] > 0
    return np.where(voiced, np.clip(pitch[:, 0] + moved, -_FURTHEST, _FURTHEST), 0.0).astype(np.float32), voiced


def log_factors(factor: Factor, symbols: int) -> Floats:
    """The logarithm of a factor on f0, of each symbol `(symbols,)`."""
    return np.log(np.broadcast_to(np.asarray(factor, np.float32), (symbols,))).astype(np.float32)


def hertz(relative: Floats, voiced: NDArray[np.bool_], register: float) -> Floats:
    """Pitch in Hz `(frames,)`, 0 where unvoiced, of a speaker whose median is `register` Hz."""
    return np.where(voiced, register * np.exp(relative), 0.0).astype(np.float32)
