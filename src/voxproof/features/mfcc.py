"""Mel-frequency cepstral coefficients as `librosa.feature.mfcc` makes them (0.11, default parameters)."""

from typing import Any

import numpy as np
from scipy.fft import dct

from voxproof.features.mel import Floats
from voxproof.features.mel_db import decibels


def mfcc(bands: Floats, coefficients: int = 20) -> Floats:
    """The first coefficients of the cosine transform over 128 mel bands of power: `(coefficients, frames)`."""
    cepstrum: Any = dct(decibels(bands), axis=0, type=2, norm="ortho")
    return np.asarray(cepstrum[:coefficients], np.float32)
