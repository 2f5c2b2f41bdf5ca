"""Keeps the attention of an autoregressive synthesizer in order: no sound skipped, none said twice, and an end.

Attention that has been learned can lose its place, above all in sentences longer than those it learned from. So at
every step it may only look at a window around the symbol that it is at, as in Deep Voice 3 (arXiv 1710.07654). That
place never moves back, moves on by one sound a step at most, and leaves a symbol that has been dwelt on for too long.
The window reaches a little beyond the next sound, because attention is drawn on by what it sees coming: cut off right
behind it, speech came out too slow.
"""

import numpy as np
from numpy.typing import NDArray

from voxproof.features.mel import Floats
from voxproof.synthesis.frames import LONGEST_PHONEME
from voxproof.text import SYMBOLS

_LONGEST_PAUSE = 80.0  # frames, a second
_BEHIND = 2  # symbols: attention is seldom on one alone
_AHEAD = 3  # symbols beyond the next sound
_PAUSES = " !,.:;?"
_MARKS = "ˈˌː\u0329"  # of stress, length and syllables: they colour a sound and are none


class MonotonicGuard:
    """Where one utterance is. Each step: look within `window()`, then tell `advance` the weights."""

    def __init__(self, symbols: NDArray[np.int64], frames_a_step: int) -> None:
        names = [SYMBOLS[index] for index in symbols]
        pauses = np.array([name in _PAUSES for name in names])
        sounds = ~pauses & ~np.array([name in _MARKS for name in names])
        limits = np.where(pauses, _LONGEST_PAUSE, LONGEST_PHONEME) / frames_a_step
        self._limits = np.maximum(1, limits.astype(np.int64))
        # How far the place may move from each symbol (from before the first, too): to the next sound, or to the end.
        self._reach = {len(names) - 1: len(names) - 1}
        for place in range(len(names) - 2, -2, -1):
            self._reach[place] = place + 1 if sounds[place + 1] else self._reach[place + 1]
        self._last_sound = int(np.flatnonzero(sounds)[-1]) if sounds.any() else 0
        self.place = -1
        self._dwelt = 0

    @property
    def most_steps(self) -> int:
        """More than this the utterance cannot take."""
        return int(self._limits.sum())

    @property
    def at_end(self) -> bool:
        """No sound is left to say: the stop token may be believed."""
        return self.place >= self._last_sound

    @property
    def over(self) -> bool:
        """The last symbol has been dwelt on for as long as it may be."""
        return self.place == len(self._limits) - 1 and self._dwelt >= self._limits[self.place]

    def window(self) -> Floats:
        """1 where the attention may look in the next step, else 0, `(symbols,)`."""
        allowed = np.zeros(len(self._limits), np.float32)
        allowed[self._from() : self._reach[self.place] + 1 + _AHEAD] = 1.0
        return allowed

    def advance(self, weights: Floats) -> None:
        """Take in the attention's weights `(symbols,)` of a step: the heaviest symbol from here to the next sound."""
        start = max(self.place, self._from())
        place = start + int(np.argmax(weights[start : self._reach[self.place] + 1]))
        self._dwelt = self._dwelt + 1 if place == self.place else 1
        self.place = place

    def _from(self) -> int:
        closed = 0 <= self.place < len(self._limits) - 1 and self._dwelt >= self._limits[self.place]
        return self.place + 1 if closed else max(0, self.place - _BEHIND)
