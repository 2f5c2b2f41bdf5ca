"""Through mel and pitch and a vocoder of the project: real speech then carries a vocoder's traces as fakes do."""

from functools import partial

import numpy as np

from voxproof.audio import Audio
from voxproof.evaluation.attacks.attack import RATE, Attack
from voxproof.evaluation.vocoder import copy_synthesis
from voxproof.features.mel import Floats
from voxproof.vocoders import load_vocoder


def resynthesised(samples: Floats, rng: np.random.Generator, *, name: str) -> Floats:
    """Copy-synthesis by the vocoder called `name`; `(samples // hop * hop,)`."""
    copy = copy_synthesis(load_vocoder(name), Audio(np.clip(samples, -1, 1), RATE))
    return copy.resampled(RATE).samples


ATTACKS = tuple(
    Attack(f"re-synthesis {name}", f"mel, pitch and the vocoder {name}", partial(resynthesised, name=name))
    for name in ("pulsar", "griffinlim")
)
