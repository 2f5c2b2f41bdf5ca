"""The edges cut away: silence before and behind speech, where generators and editors leave their marks."""

import numpy as np

from voxproof.audio import Audio, speech_segments
from voxproof.evaluation.attacks.attack import RATE, Attack
from voxproof.features.mel import Floats

_INTO_SPEECH = 0.1  # seconds, at most
_SHORTEST = 0.5  # seconds that are left


def trimmed(samples: Floats, rng: np.random.Generator) -> Floats:
    """From up to 0.1 s behind the first speech to as much before its end; 0.5 s are always left, if there were."""
    segments = speech_segments(Audio(np.clip(samples, -1, 1), RATE))
    if not segments:
        return samples
    start = round((segments[0][0] + rng.uniform(0, _INTO_SPEECH)) * RATE)
    end = round((segments[-1][1] - rng.uniform(0, _INTO_SPEECH)) * RATE)
    return samples[start:end] if end - start >= _SHORTEST * RATE else samples


ATTACKS = (Attack("trimmed", "silence at the edges and up to 0.1 s of speech cut away", trimmed),)
