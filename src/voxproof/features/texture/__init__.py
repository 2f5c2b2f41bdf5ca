"""The texture of speech: what its spectrogram is like from near, whoever speaks and whatever is said.

Generators reproduce the large shapes (formants, pitch, words) and miss how neighbouring points of the time-frequency
plane belong together: how sharply partials stand out of the noise, how level and phase go on from frame to frame and
from bin to bin, how fast envelopes move, how peaky the excitation is. Each of these is measured at each point, averaged
within bands, and told by its mean and deviation over the frames that sound. Nothing is learned here.
"""

from voxproof.features.texture.excitation import excitation_texture
from voxproof.features.texture.modulation import modulation_texture
from voxproof.features.texture.plane import RESOLUTIONS, Resolution, plane_texture
from voxproof.features.texture.vector import SHORTEST, texture

__all__ = [
    "RESOLUTIONS",
    "SHORTEST",
    "Resolution",
    "excitation_texture",
    "modulation_texture",
    "plane_texture",
    "texture",
]
