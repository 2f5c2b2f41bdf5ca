"""What a detector's network is given of a window, by the name that a card and a recipe call it.

Training and running take the same function, so that a network never meets other features than those it learned on.
"""

from collections.abc import Callable

import numpy as np

from voxproof.errors import ModelError
from voxproof.features.mel import Floats
from voxproof.features.spectrogram import compressed_spectrogram

FrontEnd = Callable[[Floats], Floats]


def waveform(samples: Floats) -> Floats:
    """The samples themselves, scaled to a peak of 1 so that the level says nothing: `(samples,)`."""
    return np.asarray(samples / (np.abs(samples).max() + 1e-8), np.float32)


FRONT_ENDS: dict[str, FrontEnd] = {
    "waveform": waveform,
    "compressed-spectrogram": compressed_spectrogram,
}


def front_end(name: str) -> FrontEnd:
    """The front end called `name`; `ModelError` names those that there are."""
    if name not in FRONT_ENDS:
        raise ModelError(f"there is no front end {name!r}; there are {', '.join(FRONT_ENDS)}")
    return FRONT_ENDS[name]
