"""The texture of speech: what its spectrogram is like from near, whoever speaks and whatever is said.

Generators reproduce the large shapes (formants, pitch, words) and miss how neighbouring points of the time-frequency
plane belong together: how sharply partials stand out of the noise, how level and phase go on from frame to frame and
from bin to bin. Each of these is measured at every point of three spectrograms and averaged within bands. Nothing is
learned here.
"""

from voxproof.features.texture.maps import FRAME, FRAME_RATE, MEASURES, VALUES, frames_in, texture_maps
from voxproof.features.texture.plane import RATE, RESOLUTIONS, Resolution
from voxproof.features.texture.statistics import statistics

__all__ = [
    "FRAME",
    "FRAME_RATE",
    "MEASURES",
    "RATE",
    "RESOLUTIONS",
    "VALUES",
    "Resolution",
    "frames_in",
    "statistics",
    "texture_maps",
]
