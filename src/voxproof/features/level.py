"""One speech level for what models hear: the loud frames of every clip have the same root mean square."""

import numpy as np

from voxproof.features.mel import Floats

SPEECH_LEVEL = 0.06  # root mean square of the frames that hold speech, about -24 dBFS
_FRAME = 400  # samples
_QUIETEST = 10 ** (-30 / 20)  # of the loudest frame: under it a frame counts as silence


def normalise_level(samples: Floats, level: float = SPEECH_LEVEL) -> Floats:
    """Scale so that frames with speech have `level`; peaks stay below 0.99. Silence comes back as it is."""
    count = len(samples) // _FRAME
    if count == 0:
        return samples
    energy = np.sqrt((samples[: count * _FRAME].reshape(count, _FRAME) ** 2).mean(1))
    loud = energy[energy > energy.max() * _QUIETEST]
    if len(loud) == 0 or energy.max() < 1e-6:
        return samples
    gain = level / float(np.sqrt((loud**2).mean()))
    gain = min(gain, 0.99 / max(float(np.abs(samples).max()), 1e-9))
    return (samples * gain).astype(np.float32)
