"""PESQ, wide band (ITU-T P.862.2): how near a copy comes to its original, 1.0 to 4.64."""

import numpy as np

from voxproof.audio import Audio
from voxproof.errors import AudioError
from voxproof.evaluation.extra import need

RATE = 16_000  # Hz


def pesq_wb(original: Audio, copy: Audio) -> float:
    """The score of `copy` against `original`, both brought to 16 kHz and cut to the shorter length.

    Raises `AudioError` when PESQ finds no speech in the clips (it needs about a quarter of a second).
    """
    pesq = need("pesq", "PESQ", "pesq")
    one, two = original.resampled(RATE).samples, copy.resampled(RATE).samples
    length = min(len(one), len(two))
    if not np.any(two[:length]):
        raise AudioError("PESQ: the copy is silent")
    try:
        return float(pesq.pesq(RATE, one[:length], two[:length], "wb"))
    except pesq.PesqError as problem:
        raise AudioError(f"PESQ cannot compare the clips: {type(problem).__name__} {problem}") from None
