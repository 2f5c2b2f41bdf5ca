"""Through WORLD (Morise et al. 2016): pitch, envelope and aperiodicity, and speech from these again."""

from importlib.util import find_spec

import numpy as np

from voxproof.errors import AudioError
from voxproof.evaluation.attacks.attack import RATE, Attack
from voxproof.features.mel import Floats

MISSING = "" if find_spec("pyworld") else "pyworld is not installed; run `pip install 'voxproof[fakes]'`"


def through_world(samples: Floats, rng: np.random.Generator) -> Floats:
    """Analysed and said again. `AudioError` where WORLD finds no envelope (digital silence)."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for pkg_resources, which says at length that it is old
        import pyworld

    heard = samples.astype(np.float64)
    pitch, times = pyworld.dio(heard, RATE)
    pitch = pyworld.stonemask(heard, pitch, times, RATE)
    envelope = pyworld.cheaptrick(heard, pitch, times, RATE)
    if not np.isfinite(envelope).all():
        raise AudioError("WORLD finds no envelope in the clip")
    noise = pyworld.d4c(heard, pitch, times, RATE)
    return np.asarray(pyworld.synthesize(pitch, envelope, noise, RATE), np.float32)


ATTACKS = (Attack("re-synthesis world", "WORLD: pitch, envelope and aperiodicity", through_world, missing=MISSING),)
