"""What is done to sound: operations on `Audio` by name, and the sound of a `Piece` from its source files.

Every operation is a function of the sound and of numbers that the plan fixed, so that it does the same wherever and
whenever it runs.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, reduce

import numpy as np

from voxproof.audio import Audio, normalise_loudness, read_audio
from voxproof.audio.limits import MAX_SECONDS
from voxproof.audio.stretch import cut, is_long, read_stretch
from voxproof.audio.writing import sixteen_bits
from voxproof.datasets.refine.pieces import Operation, Piece, Stretch
from voxproof.degradation.silence import block_levels, room_tone, spoken_span
from voxproof.errors import AudioError

RATE = 16_000  # Hz at which silence is looked for
SILENT = -70.0  # dB of full scale (mean square of 10 ms): where nothing is louder, nobody speaks
_MOST = 128 * 2**20  # bytes of sound that are kept for other rows of the same files
_FILES = 1024  # of which is kept whether they are long


def kept(audio: Audio, start: float, end: float) -> Audio:
    """From `start` to `end` seconds."""
    return Audio(audio.samples[round(start * audio.rate) : round(end * audio.rate)], audio.rate)


def edged(audio: Audio, start: float, end: float, before: float, behind: float, seed: float) -> Audio:
    """From `start` to `end`, with `before` and `behind` seconds of the sound's own room tone around it."""
    middle = kept(audio, start, end)
    rng = np.random.default_rng(int(seed))
    tones = [room_tone(audio.samples, round(seconds * audio.rate), rng) for seconds in (before, behind)]
    return Audio(np.concatenate([tones[0], middle.samples, tones[1]]), audio.rate)


OPERATIONS: Mapping[str, Callable[..., Audio]] = {
    "keep": kept,
    "edges": edged,
    "resample": lambda audio, rate: audio.resampled(int(rate)),
    "loudness": normalise_loudness,
}


def operate(audio: Audio, operation: Operation) -> Audio:
    """One operation done; `AudioError` if nothing is left."""
    done = OPERATIONS[operation.name](audio, *operation.values)
    if len(done.samples) == 0:
        raise AudioError("nothing is left of it")
    return done


def connected(sounds: Sequence[Audio], gap: float) -> Audio:
    """One behind the other with `gap` seconds of silence between, at the lowest of their sampling rates."""
    rate = min(one.rate for one in sounds)
    pause = np.zeros(round(gap * rate), np.float32)
    samples = [part for one in sounds for part in (pause, one.resampled(rate).samples)]
    return Audio(np.concatenate(samples[1:]), rate)


def spoken(audio: Audio, quiet: float) -> tuple[float, float]:
    """Seconds between which lies what is at most `quiet` dB under the loudest 10 ms; `AudioError` if all is silent."""
    samples = audio.resampled(RATE).samples
    if block_levels(samples).max(initial=-np.inf) < SILENT:
        raise AudioError("nothing but silence in it")
    start, end = spoken_span(samples, quiet)
    return start / RATE, min(end / RATE, audio.duration)


def finished(audio: Audio) -> Audio:
    """As 16 bits hold it, so that the file holds exactly this sound; `AudioError` if it is too long to be read."""
    if audio.duration > MAX_SECONDS:
        raise AudioError(f"it would last {audio.duration:.0f} s; at most {MAX_SECONDS:.0f} s can be read again")
    return Audio(sixteen_bits(audio.samples).astype(np.float32) / np.float32(32_768), audio.rate)


class Renderer:
    """Makes sound of pieces, and keeps what several of them share: files, and sound that is cut into windows."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._known: OrderedDict[Piece | str, Audio] = OrderedDict()
        self._size = 0
        self._long = lru_cache(maxsize=_FILES)(is_long)

    def sound(self, piece: Piece) -> Audio:
        """The sound of a piece; `AudioError` says what is wrong with it."""
        done = piece.operations
        cuts = [number for number, one in enumerate(done) if one.name == "keep"]
        if cuts:
            whole = replace(piece, operations=done[: cuts[-1]])
            return reduce(operate, done[cuts[-1] :], self._once(whole, lambda: self.sound(whole)))
        parts = [self.sound(part) if isinstance(part, Piece) else self._stretch(part) for part in piece.parts]
        return reduce(operate, done, connected(parts, piece.gap) if len(parts) > 1 else parts[0])

    def _stretch(self, stretch: Stretch) -> Audio:
        if (stretch.start or stretch.end) and self._long(stretch.file):
            return read_stretch(stretch.file, stretch.start, stretch.end)
        whole = self._once(stretch.file, lambda: read_audio(stretch.file))
        return cut(whole, stretch.start, stretch.end, stretch.file)

    def _once(self, what: Piece | str, make: Callable[[], Audio]) -> Audio:
        if what in self._known:
            self._known.move_to_end(what)
            return self._known[what]
        made = self._known[what] = make()
        self._size += made.samples.nbytes
        while self._size > self._most and len(self._known) > 1:
            self._size -= self._known.popitem(last=False)[1].samples.nbytes
        return made
