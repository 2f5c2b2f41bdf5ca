"""What a detector's network is given of a window, by the name that a card and a recipe call it.

Training and running take the same function, so that a network never meets other features than those it learned on.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from voxproof.errors import ModelError
from voxproof.features.classical import classical_features
from voxproof.features.lfcc import lfcc
from voxproof.features.mel import Floats
from voxproof.features.mel_db import SPAN, mel_decibels
from voxproof.features.spectrogram import compressed_spectrogram
from voxproof.features.spectrogram_picture import spectrogram_picture
from voxproof.features.texture import texture_maps
from voxproof.features.traces import traces

FrontEnd = Callable[[Floats], Floats]


def waveform(samples: Floats) -> Floats:
    """The samples themselves, scaled to a peak of 1 so that the level says nothing: `(samples,)`."""
    return np.asarray(samples / (np.abs(samples).max() + 1e-8), np.float32)


def classical(samples: Floats, coefficients: int = 40, deviations: bool = False) -> Floats:
    """The classical features of the samples scaled to a peak of 1, `(values,)`; see `classical_features`."""
    return classical_features(waveform(samples), coefficients, deviations)


def mel_db(samples: Floats) -> Floats:
    """128 mel bands in decibels, from -1 (80 dB under the loudest) to 1: `(1, 128, 1 + n // 512)`."""
    return mel_decibels(samples)[None] * (2 / SPAN) + 1


def samples_as_they_are(samples: Floats) -> Floats:
    """The samples themselves at their own level, as networks published by others heard them: `(samples,)`."""
    return np.asarray(samples, np.float32)


FRONT_ENDS: dict[str, FrontEnd] = {
    "waveform": waveform,
    "samples": samples_as_they_are,
    "lfcc": lfcc,
    "compressed-spectrogram": compressed_spectrogram,
    "classical": classical,
    "classical-20": partial(classical, coefficients=20),
    "classical-deviations": partial(classical, deviations=True),
    "classical-level": classical_features,  # with the recording's level, as the earlier systems had it
    "mel-db": mel_db,
    "picture": spectrogram_picture,
    "texture": texture_maps,
    "traces": traces,
}


def front_end(name: str) -> FrontEnd:
    """The front end called `name`; `ModelError` names those that there are."""
    if name not in FRONT_ENDS:
        raise ModelError(f"there is no front end {name!r}; there are {', '.join(FRONT_ENDS)}")
    return FRONT_ENDS[name]
