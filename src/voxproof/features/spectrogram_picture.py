"""The spectrogram as networks for photographs want it: 224 x 224 pixels, three channels, ImageNet's scale.

What the earlier systems drew with matplotlib and read back as a file: a mel spectrogram in decibels over 80 dB, low
frequencies at the bottom, time from left to right. Ours is grey (the three channels say the same), so that no colour
map stands between, and is resized by the antialiased bilinear filter that Pillow and torchvision use.
"""

from functools import lru_cache

import numpy as np

from voxproof.features.mel import Floats
from voxproof.features.mel_db import SPAN, mel_decibels

PIXELS = 224
# Mean and deviation of ImageNet's channels, which every network trained on it expects.
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)


@lru_cache(maxsize=16)
def resizing(before: int, after: int) -> Floats:
    """The matrix `(after, before)` that resizes a row: triangles as wide as a pixel of the coarser of the two."""
    step = before / after
    support = max(step, 1.0)
    centres = (np.arange(after) + 0.5) * step
    distance = np.abs(np.arange(before) + 0.5 - centres[:, None]) / support
    weights = np.maximum(0.0, 1.0 - distance)
    return np.asarray(weights / weights.sum(1, keepdims=True), np.float32)


def grey_picture(samples: Floats) -> Floats:
    """`(224, 224)` from 0 (80 dB under the loudest) to 1 (the loudest), of samples at 16 kHz."""
    bright = (mel_decibels(samples) / SPAN + 1)[::-1]
    return np.asarray(resizing(bright.shape[0], PIXELS) @ bright @ resizing(bright.shape[1], PIXELS).T, np.float32)


def spectrogram_picture(samples: Floats) -> Floats:
    """`(3, 224, 224)`: the grey picture thrice, on ImageNet's scale."""
    return (grey_picture(samples)[None] - _MEAN[:, None, None]) / _DEVIATION[:, None, None]
