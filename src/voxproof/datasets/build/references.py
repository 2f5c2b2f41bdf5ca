"""Whose voice and which text: what the policies of a plan draw from the rows that are selected.

A draw is a number that hangs on the plan's seed, the order and the row alone, so every unit can be planned by itself.
"""

import hashlib
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from voxproof.datasets.build.selected import NOBODY, Selected

SECONDS = 30.0  # of a voice
MOST_CLIPS = 12
_RANGES = 65_536  # of speakers and languages, kept while texts are drawn
UNKNOWN_SECONDS = 3.0  # what a clip counts whose length the manifest does not tell


class Clip(NamedTuple):
    """A stretch of a file, in seconds; `end_s` of 0 is the end of the file."""

    sound: str
    start_s: float = 0.0
    end_s: float = 0.0


class References:
    """The rows by speaker and by language.

    A speaker's clips are taken in one order drawn by the seed, so that most rows of a speaker have the very same
    reference, and a voice is enrolled once for all of them.
    """

    def __init__(self, selected: Selected, seed: int) -> None:
        self._selected = selected
        self._seed = seed
        self._speakers = int(selected.speakers.max(initial=0))  # they are numbered from 1
        self._by_speaker = np.argsort(selected.speakers, kind="stable")
        self._starts = np.searchsorted(selected.speakers[self._by_speaker], np.arange(self._speakers + 2))
        self._texts: dict[int, NDArray[np.int64]] = {}
        self._text_speakers: dict[int, NDArray[np.uint32]] = {}
        self._ordered = lru_cache(maxsize=None)(self._order)
        self._own = lru_cache(maxsize=_RANGES)(self._own_texts)

    def clips(self, speaker: int, without: int | None = None) -> tuple[int, ...]:
        """Rows of a speaker with about 30 s of sound together, at least one if there is one; `without` is left out."""
        found: list[int] = []
        seconds = 0.0
        for number in self._ordered(speaker):
            if number == without:
                continue
            found.append(number)
            seconds += float(self._selected.seconds[number]) or UNKNOWN_SECONDS
            if seconds >= SECONDS or len(found) == MOST_CLIPS:
                break
        return tuple(found)

    def other_speaker(self, speaker: int, draw: int) -> int | None:
        """Another speaker; None if there is none. Whoever is not told (`NOBODY`) is never drawn."""
        others = self._speakers - (speaker != NOBODY)
        if others < 1:
            return None
        found = 1 + draw % others
        return found + 1 if speaker != NOBODY and found >= speaker else found

    def other_text(self, number: int, draw: int) -> int | None:
        """A row with a text in the language of row `number`, not of its speaker; None if there is none."""
        language = int(self._selected.languages[number])
        rows, _ = self._with_text(language)
        first, last = self._own(language, int(self._selected.speakers[number]))
        if len(rows) == last - first:
            return None
        place = draw % (len(rows) - (last - first))
        return int(rows[place if place < first else place + last - first])

    def _own_texts(self, language: int, speaker: int) -> tuple[int, int]:
        """Where a speaker's own rows begin and end among those with a text in that language."""
        _, speakers = self._with_text(language)
        first, last = np.searchsorted(speakers, [speaker, speaker + 1])
        return int(first), int(last)

    def _with_text(self, language: int) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """Rows with a text in that language, by speaker, and their speakers."""
        if language not in self._texts:
            wanted = self._selected.has_text & (self._selected.languages == language)
            self._texts[language] = self._by_speaker[wanted[self._by_speaker]]
            self._text_speakers[language] = self._selected.speakers[self._texts[language]]
        return self._texts[language], self._text_speakers[language]

    def _order(self, speaker: int) -> tuple[int, ...]:
        if speaker == NOBODY:
            return ()
        rows = self._by_speaker[self._starts[speaker] : self._starts[speaker + 1]]
        start = drawn(f"{self._seed}|voice|{speaker}", 1)[0]
        chosen = np.random.default_rng(start).permutation(len(rows))[: MOST_CLIPS + 1]
        return tuple(int(rows[place]) for place in chosen)


def drawn(facts: str, count: int) -> tuple[int, ...]:
    """So many numbers of 63 bits that hang on `facts` alone."""
    digest = hashlib.blake2b(facts.encode("utf-8", "surrogatepass"), digest_size=8 * count).digest()
    return tuple(int.from_bytes(digest[8 * i : 8 * i + 8], "big") >> 1 for i in range(count))
