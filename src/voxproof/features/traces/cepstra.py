"""The cepstrum of speech and how it moves."""

import numpy as np
from scipy.fft import dct

from voxproof.features.lfcc import lfcc
from voxproof.features.mel import Floats
from voxproof.features.traces.planes import HIGHEST, Complexes, Doubles
from voxproof.features.traces.pooling import quartet

FINE = 40  # coefficients of the spectrum bin by bin: also what lies between the partials
_FLOOR = 1e-8  # of power
_SMALLEST = 1e-6


def cepstral(samples: Floats) -> Doubles:
    """Statistics of linear-frequency cepstra and their differences, `(240,)`.

    As in LFCC-GMM, the baseline of ASVspoof (see `features.lfcc`), with bands that end at 7.2 kHz.
    """
    return quartet(lfcc(samples, HIGHEST).T.astype(np.float64))


def movement(spectra: Complexes) -> Doubles:
    """How fast, how unsteadily and in what leaps the fine cepstrum moves: `(frames, bins) -> (120,)`."""
    power = np.square(np.abs(spectra)).astype(np.float64)
    fine = dct(np.log(power + _FLOOR), axis=1, norm="ortho")[:, :FINE]
    steps = np.diff(fine, axis=0)
    spread = steps.std(0) + _SMALLEST
    return np.concatenate(
        [
            np.log(spread),
            np.log(np.abs(np.diff(steps, axis=0)).mean(0) + _SMALLEST),
            np.sqrt(np.sqrt(np.square(np.square(steps / spread)).mean(0))),
        ]
    )
