"""Codecs: coded and decoded in memory, at a random rate, without their delay."""

import io

import numpy as np
import soundfile
import soxr

from voxproof.degradation.codecs.alignment import aligned
from voxproof.degradation.kind import RATE, Floats, fit


def codec(samples: Floats, rng: np.random.Generator) -> Floats:
    """Coded and decoded by MP3, Opus or Vorbis at a random quality."""
    kind, subtype = [("MP3", "MPEG_LAYER_III"), ("OGG", "OPUS"), ("OGG", "VORBIS")][rng.integers(3)]
    box = io.BytesIO()
    peak = max(float(np.abs(samples).max()), 1e-9)
    scale = min(1.0, 0.99 / peak)
    soundfile.write(
        box, samples * scale, RATE, format=kind, subtype=subtype, compression_level=float(rng.uniform(0.2, 0.95))
    )
    box.seek(0)
    decoded, rate = soundfile.read(box, dtype="float32")
    if rate != RATE:
        decoded = soxr.resample(decoded, rate, RATE)
    return fit(aligned(decoded, samples) / np.float32(scale), len(samples))
