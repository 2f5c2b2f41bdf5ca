"""The measures of all resolutions on one grid of 20 ms: what a network is given."""

import numpy as np

from voxproof.features.mel import Floats
from voxproof.features.texture.plane import COUNT, RATE, RESOLUTIONS, Resolution, measures, sounding, spectrum

FRAME_RATE = 50  # frames a second
FRAME = RATE // FRAME_RATE  # samples
MEASURES = sum(COUNT * resolution.bands for resolution in RESOLUTIONS)  # values a frame
VALUES = MEASURES + 1  # and one more: whether the frame sounds
_FEWEST = 4  # frames that shorter sound is stretched to by repeating it
_JUDGE = 1  # which resolution tells frames that sound from pauses


def frames_in(samples: int) -> int:
    """How many frames a number of samples gives."""
    return max(samples // FRAME, _FEWEST)


def texture_maps(samples: Floats) -> Floats:
    """Float32 `(frames, 865)` of samples at 16 kHz: 864 measures, and the share of the frame that is no pause.

    The level of the whole does not matter. Every value is finite; sound under 80 ms is repeated.
    """
    samples = np.asarray(samples, np.float32)
    if len(samples) < _FEWEST * FRAME:
        samples = np.resize(samples, _FEWEST * FRAME) if len(samples) else np.zeros(_FEWEST * FRAME, np.float32)
    samples = samples / (np.float32(np.abs(samples).max()) + np.float32(1e-9))
    count = frames_in(len(samples))
    parts: list[Floats] = []
    weight = np.ones((count, 1), np.float32)
    for place, resolution in enumerate(RESOLUTIONS):
        spectra = spectrum(samples, resolution)
        magnitude = np.abs(spectra)
        loud = sounding(magnitude)
        parts.append(on_grid(measures(spectra, magnitude, loud, resolution), resolution, count))
        if place == _JUDGE:
            weight = on_grid(loud[:, None].astype(np.float32), resolution, count)
    return np.asarray(np.nan_to_num(np.concatenate([*parts, weight], axis=1)), np.float32)


def on_grid(values: Floats, resolution: Resolution, count: int) -> Floats:
    """The mean of the frames that begin in each cell; a cell without one takes the next frame."""
    cell = np.minimum(np.arange(len(values)) * resolution.hop // FRAME, count - 1)
    first = np.minimum(np.searchsorted(cell, np.arange(count)), len(values) - 1)
    frames = np.maximum(np.bincount(cell, minlength=count), 1).astype(np.float32)
    return np.asarray(np.add.reduceat(values, first, axis=0) / frames[:, None], np.float32)
