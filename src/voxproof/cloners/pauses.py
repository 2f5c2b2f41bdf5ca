"""Pauses between sentences: as long as they should be, and as quiet as the voice's own background.

A synthesizer learned to be silent for a while before and after a sentence, as its readers were. That silence is cut to
a breath and the wanted pause is put in its place, made of the same background, so that no hole of digital silence is
heard.
"""

import numpy as np

from voxproof.features.mel import Floats
from voxproof.synthesis import SpokenMel

_BREATH = 6  # frames, 75 ms: what is left of the silence at both edges
_QUIET_SHARE = 0.3  # of the way from the quietest to the loudest frames; under it and unvoiced is background


def with_pause(spoken: SpokenMel, pause: int) -> SpokenMel:
    """The sentence without its edges' silence, with `pause` frames of its background behind it."""
    level = spoken.mel.mean(0)
    low, high = np.percentile(level, [5, 95])
    heard = np.flatnonzero((level > low + _QUIET_SHARE * (high - low)) | (spoken.f0 > 0))
    if len(heard) == 0:
        return spoken
    if spoken.symbols is not None:
        # A weak consonant is no louder than the background; silence lies within the first and the last symbol alone.
        inside = np.flatnonzero((spoken.symbols > spoken.symbols[0]) & (spoken.symbols < spoken.symbols[-1]))
        heard = np.union1d(heard, inside)
    first, last = max(0, int(heard[0]) - _BREATH), int(heard[-1]) + 1 + _BREATH
    mel, f0 = spoken.mel[:, first:last], spoken.f0[first:last]
    background: Floats = spoken.mel[:, level <= np.percentile(level, 10)].mean(1, keepdims=True)
    fade = min(pause, 2 * _BREATH)
    share = np.minimum((np.arange(pause) + 1) / max(fade, 1), 1.0).astype(np.float32)
    tail = mel[:, -1:] * (1 - share) + background * share
    symbols = None if spoken.symbols is None else np.pad(spoken.symbols[first:last], (0, pause), mode="edge")
    return SpokenMel(np.concatenate([mel, tail], axis=1).astype(np.float32), np.pad(f0, (0, pause)), symbols)
