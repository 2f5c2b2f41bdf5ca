"""Where each phoneme lies in a piece of speech, for engines that know."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from voxproof.audio import Audio
from voxproof.features.mel import MelSpec
from voxproof.synthesis import SpokenMel
from voxproof.text import unknown_symbols


@dataclass(frozen=True)
class TimedPhoneme:
    """One symbol of `voxproof.text.SYMBOLS` (stress, length and punctuation too), in seconds from the beginning."""

    symbol: str
    start: float
    end: float


@dataclass(frozen=True)
class TimedPiece:
    """A piece of a cloner's stream with its phonemes, which follow each other without a gap; none if not known."""

    audio: Audio
    phonemes: tuple[TimedPhoneme, ...] = ()


def timed_phonemes(spoken: SpokenMel, phonemes: str, spec: MelSpec) -> tuple[TimedPhoneme, ...]:
    """The phonemes of an utterance from the symbol of each frame; none if the synthesizer did not say.

    Samples reach from the centre of the first frame to that of the last, so borders lie half a hop before a frame.
    """
    if spoken.symbols is None or len(spoken.symbols) == 0:
        return ()
    left_out = set(unknown_symbols(phonemes))
    said = [symbol for symbol in phonemes if symbol not in left_out]
    last = (len(spoken.symbols) - 1) * spec.hop / spec.rate
    firsts = np.flatnonzero(np.diff(spoken.symbols, prepend=-1))
    edges = np.clip((np.append(firsts, len(spoken.symbols)) - 0.5) * spec.hop / spec.rate, 0.0, last)
    return tuple(
        TimedPhoneme(said[spoken.symbols[first]], float(start), float(end))
        for first, start, end in zip(firsts, edges[:-1], edges[1:], strict=True)
    )


def joined(pieces: Iterable[TimedPiece]) -> tuple[float, tuple[TimedPhoneme, ...]]:
    """The seconds of all pieces one after another, and their phonemes in the time of the whole."""
    seconds = 0.0
    found: list[TimedPhoneme] = []
    for piece in pieces:
        found += [replace(one, start=one.start + seconds, end=one.end + seconds) for one in piece.phonemes]
        seconds += piece.audio.duration
    return seconds, tuple(found)
