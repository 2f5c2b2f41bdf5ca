"""All measures of texture of a stretch of speech as one vector."""

import numpy as np

from voxproof.features.mel import Floats
from voxproof.features.texture.excitation import excitation_texture
from voxproof.features.texture.modulation import modulation_texture
from voxproof.features.texture.plane import RESOLUTIONS, plane_texture

SHORTEST = 4_000  # samples at 16 kHz; shorter sound is repeated


def texture(samples: Floats) -> Floats:
    """Float32 vector of samples at 16 kHz; their level does not matter. Every value is finite."""
    samples = np.asarray(samples, np.float32)
    if len(samples) < SHORTEST:
        samples = np.resize(samples, SHORTEST) if len(samples) else np.zeros(SHORTEST, np.float32)
    samples = samples / (np.float32(np.abs(samples).max()) + np.float32(1e-9))
    parts = [plane_texture(samples, resolution) for resolution in RESOLUTIONS]
    vector = np.concatenate([*parts, modulation_texture(samples), excitation_texture(samples)])
    return np.asarray(np.nan_to_num(vector, posinf=0.0, neginf=0.0), np.float32)
