"""Utterances of somebody who is still speaking: each is cut at a pause as soon as it has ended, or at six seconds.

The network that tells speech from silence (`voxproof.audio.activity`) hears one window after the other, whatever the
size of the blocks in which the sound comes in, so the cuts do not depend on it. What is kept is bounded: the utterance
that is being spoken, or the little before the next one.
"""

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from voxproof.audio.activity import EXIT_THRESHOLD, MIN_SPEECH_S, RATE, THRESHOLD, WINDOW, ActivityStream
from voxproof.audio.limits import MAX_RATE, MIN_RATE
from voxproof.audio.sound import Audio
from voxproof.errors import AudioError

PAUSE_S = 0.4  # of silence, which ends an utterance
LONGEST_S = 6.0  # of an utterance; who speaks on is cut at the quietest place
AROUND_S = 0.2  # of sound kept before and behind the speech; two of them fit into a pause
SHORTEST_S = 0.6  # of an utterance that has so much sound behind it; a mark wants half a second
_SOUGHT_S = 2.0  # of a long utterance, before its last `SHORTEST_S`: where the quietest place is looked for

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Utterance:
    """What was said in one go: `samples` at the rate of the input, of which the first is its sample number `start`."""

    audio: Audio
    start: int

    @property
    def end(self) -> int:
        """The number of the sample of the input behind the last one."""
        return self.start + len(self.audio.samples)


class UtteranceCutter:
    """Takes in mono sound at `rate` Hz, in blocks of any size, and gives the utterances that have ended.

    They are stretches of the input, in order and apart from each other; what lies between them is silence, or bursts
    that are too short to be speech. An utterance comes `PAUSE_S` after its end.
    """

    def __init__(self, rate: int) -> None:
        if not MIN_RATE <= rate <= MAX_RATE:
            raise AudioError(f"a sampling rate of {rate} Hz is out of bounds: {MIN_RATE} to {MAX_RATE} Hz")
        self.rate = rate
        self._ear = _Ear(rate)
        self._kept: Floats = np.zeros(0, np.float32)  # the end of the input, from sample number `_first` on
        self._first = 0
        self._levels: list[float] = []  # of the windows of this utterance, for a cut at the quietest
        self._begun: int | None = None  # the window in which speech began
        self._spoken = 0  # the window behind the last one with speech
        self._goes_on = False  # a long utterance, of which the beginning was cut off

    def add(self, block: Floats) -> list[Utterance]:
        """Take in samples, float32 `(n,)`; the utterances that ended in them. `AudioError` for NaN and infinity."""
        if not np.issubdtype(np.asarray(block).dtype, np.floating):
            raise AudioError("live sound comes as floats in [-1, 1]: divide 16-bit samples by 32768")
        block = np.ascontiguousarray(block, np.float32)
        if block.ndim != 1:
            raise AudioError(f"live sound comes in mono blocks of shape (n,), not {block.shape}")
        if not np.isfinite(block).all():
            raise AudioError("the samples hold NaN or infinity")
        self._kept = np.concatenate([self._kept, block])
        found = [self._step(*heard) for heard in self._ear.hear(block)]
        return [one for one in found if one is not None]

    def end(self) -> list[Utterance]:
        """There is no more: the utterance that was being spoken, if there is one."""
        found = [self._step(*heard) for heard in self._ear.end()]
        last = self._cut(self._spoken, len(self._kept)) if self._begun is not None else None
        return [one for one in (*found, last) if one is not None]

    def _step(self, number: int, probability: float, level: float) -> Utterance | None:
        """One window more, of that number, probability of speech and mean square."""
        heard = self._at(number + 1) - self._first
        if self._begun is None:
            if probability < THRESHOLD:
                self._forget(heard - self._samples(AROUND_S))
                return None
            self._begun, self._levels, self._goes_on = number, [], False
        self._levels.append(level)
        if probability >= EXIT_THRESHOLD:
            self._spoken = number + 1
        if (number + 1 - self._spoken) * WINDOW >= PAUSE_S * RATE:
            return self._cut(self._spoken, heard)
        if heard + self._at(1) >= self._samples(LONGEST_S):
            return self._cut_long(number)
        return None

    def _cut(self, spoken: int, most: int) -> Utterance | None:
        """What was said up to the window `spoken`, and a little more, of the `most` samples that were heard by now.

        Nothing if that is less than a word takes.
        """
        assert self._begun is not None
        is_word = self._goes_on or (spoken - self._begun) * WINDOW > MIN_SPEECH_S * RATE
        self._begun = None
        count = self._at(spoken) - self._first + self._samples(AROUND_S)
        count = min(max(count, self._samples(SHORTEST_S)), most)
        if is_word:
            return self._taken(count)
        self._forget(most - self._samples(AROUND_S))
        return None

    def _cut_long(self, number: int) -> Utterance:
        """The utterance up to the quietest place towards its end. What is behind it begins the next one."""
        behind = int(SHORTEST_S * RATE / WINDOW)
        sought = self._levels[-int(_SOUGHT_S * RATE / WINDOW) - behind : -behind]
        quietest = number + 1 - behind - len(sought) + int(np.argmin(sought))
        made = self._taken(self._at(quietest) + self._at(1) // 2 - self._first)
        begun = quietest + 1
        self._levels = self._levels[begun - number - 1 :]
        self._begun, self._goes_on = (begun, True) if self._spoken > begun else (None, False)
        return made

    def _taken(self, count: int) -> Utterance:
        made = Utterance(Audio(self._kept[:count].copy(), self.rate), self._first)
        self._forget(count)
        return made

    def _forget(self, count: int) -> None:
        """Keep the first `count` samples no longer."""
        count = min(max(count, 0), len(self._kept))
        self._kept = self._kept[count:]
        self._first += count

    def _at(self, window: int) -> int:
        """The number of the input's sample at which a window begins."""
        return window * WINDOW * self.rate // RATE

    def _samples(self, seconds: float) -> int:
        return round(seconds * self.rate)


class _Ear:
    """The input as windows at 16 kHz: of each its number, its probability of speech, its mean square."""

    def __init__(self, rate: int) -> None:
        self._stream = None if rate == RATE else soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="HQ")
        self._block = rate // 50  # soxr gets blocks of one size, so that it gives the same for all
        self._waiting: Floats = np.zeros(0, np.float32)
        self._rest: Floats = np.zeros(0, np.float32)
        self._activity = ActivityStream()
        self._count = 0

    def hear(self, block: Floats) -> list[tuple[int, float, float]]:
        """The windows that are full now."""
        if self._stream is None:
            return self._windows(block)
        self._waiting = np.concatenate([self._waiting, block])
        whole = len(self._waiting) - len(self._waiting) % self._block
        pieces = [
            self._stream.resample_chunk(self._waiting[at : at + self._block]) for at in range(0, whole, self._block)
        ]
        self._waiting = self._waiting[whole:]
        return self._windows(np.concatenate(pieces)) if pieces else []

    def end(self) -> list[tuple[int, float, float]]:
        """The last windows, filled up with silence."""
        last = self._windows(self._stream.resample_chunk(self._waiting, last=True)) if self._stream is not None else []
        return last + self._windows(np.zeros(-len(self._rest) % WINDOW, np.float32))

    def _windows(self, samples: Floats) -> list[tuple[int, float, float]]:
        self._rest = np.concatenate([self._rest, samples])
        heard = []
        for at in range(0, len(self._rest) - WINDOW + 1, WINDOW):
            window = self._rest[at : at + WINDOW]
            heard.append((self._count, self._activity.hear(window), float(np.mean(np.square(window)))))
            self._count += 1
        self._rest = self._rest[len(heard) * WINDOW :]
        return heard
