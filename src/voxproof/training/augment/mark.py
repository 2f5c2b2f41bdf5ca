"""The project's own watermark, on real and fake clips alike.

Every clone of ours is marked. A detector that met the mark on fakes alone would learn the mark, not the clone, and
would call marked recordings fake.
"""

import numpy as np

from voxproof.audio import Audio
from voxproof.degradation import RATE, Floats
from voxproof.errors import AudioError
from voxproof.provenance import DEFAULT_KEY
from voxproof.provenance import mark as marked

_OWN_KEY = 0.3  # of all marks: the key of somebody's own service
_LOUDEST = 0.95  # of full scale, so that marking does not change the level


def mark(samples: Floats, rng: np.random.Generator) -> Floats:
    """A spread-spectrum mark with a random number, under the public key or another; unmarked where no mark holds."""
    payload = int(rng.integers(1 << 16))
    own = rng.bytes(8)
    key = own if rng.random() < _OWN_KEY else DEFAULT_KEY
    peak = float(np.abs(samples).max(initial=0.0))
    scale = np.float32(_LOUDEST / peak if peak > _LOUDEST else 1.0)
    try:
        sound = marked(Audio(samples * scale, RATE), payload, key)
    except AudioError:  # silence, or too little sound: a clone like that is not given out either
        return samples
    return sound.samples[: len(samples)] / scale
