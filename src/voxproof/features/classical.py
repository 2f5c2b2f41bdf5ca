"""The 193 numbers that the earlier systems describe a recording by: means over time of five kinds of features.

40 MFCC, 12 chroma, 128 mel bands (power), 7 bands of spectral contrast and 6 tonal centroids, with librosa's default
parameters at 16 kHz. The set is that of Saeed's "Urban Sound Classification" (2016), which classifiers of deepfakes
took over. The level of the recording is in them, unless the samples are scaled first (`librosa.util.normalize`).
"""

import numpy as np

from voxproof.features.chroma import chroma
from voxproof.features.contrast import spectral_contrast
from voxproof.features.mel import Floats
from voxproof.features.mel_db import mel_power, power_spectrogram
from voxproof.features.mfcc import mfcc
from voxproof.features.tonnetz import constant_q_chroma, tonnetz

RATE = 16_000  # Hz


def classical_features(samples: Floats, coefficients: int = 40, deviations: bool = False) -> Floats:
    """`(coefficients + 153,)` means over time of samples at 16 kHz; with `deviations`, as many deviations behind them.

    In order: MFCC, chroma, mel, contrast, tonnetz.
    """
    power = power_spectrogram(samples)
    magnitude = np.sqrt(power)
    bands = mel_power(power)
    kinds = [
        mfcc(bands, coefficients),
        chroma(power, RATE),
        bands,
        spectral_contrast(magnitude, RATE),
        tonnetz(constant_q_chroma(samples, magnitude, RATE)),
    ]
    means = [kind.mean(1) for kind in kinds]
    return np.concatenate([*means, *[kind.std(1) for kind in kinds]] if deviations else means).astype(np.float32)
