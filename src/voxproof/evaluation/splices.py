"""Recordings that are half real and half made: what segment-level localisation is measured on.

A real and a fake clip of one page (of one speaker, where the page has both) are cut at random places, brought to one
level and joined by a crossfade, as somebody would who swaps a few words of a recording (the half-truth setting of
arXiv:2104.03617). Cuts fall anywhere, within words too, so no pause gives them away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from voxproof.audio import Audio, read_audio
from voxproof.errors import AudioError, CorpusError
from voxproof.features.level import normalise_level
from voxproof.features.mel import Floats

RATE = 16_000  # Hz
CROSSFADE = 0.010  # seconds
SHORTEST_PART, LONGEST_PART = 1.2, 3.0  # seconds of each part


class SpliceRow(Protocol):
    """What is needed of a manifest's row."""

    @property
    def path(self) -> Path:
        """The clip's file."""

    @property
    def fake(self) -> bool:
        """Whether a machine made it."""

    @property
    def page(self) -> str:
        """Clips of one page are recorded and coded alike."""

    @property
    def speaker(self) -> str:
        """Who speaks, if the page tells."""


@dataclass(frozen=True)
class Splice:
    """A joined recording: `boundaries` in seconds, and for each part between them whether it is fake."""

    audio: Audio
    boundaries: tuple[float, ...]
    fake: tuple[bool, ...]
    page: str
    one_speaker: bool = False  # whether both clips are said to be of one person


def join(parts: Sequence[Floats], rate: int = RATE) -> tuple[Floats, tuple[float, ...]]:
    """Parts at one level behind each other, with a crossfade of equal power; and the middle of each, in seconds."""
    fade = max(1, round(CROSSFADE * rate))
    rising = np.sin(np.linspace(0, np.pi / 2, fade)).astype(np.float32)
    whole = normalise_level(parts[0])
    boundaries = []
    for part in parts[1:]:
        following = normalise_level(part)
        boundaries.append((len(whole) - fade / 2) / rate)
        crossed = whole[-fade:] * rising[::-1] + following[:fade] * rising
        whole = np.concatenate([whole[:-fade], crossed, following[fade:]])
    return whole, tuple(boundaries)


def build_splices(rows: Sequence[SpliceRow], count: int, *, seed: int = 0) -> list[Splice]:
    """`count` splices, two parts (real, fake, or the other way round) and three (real, fake, real) by turns.

    Pages take turns too, so that a large one does not drown the others. `CorpusError` where no page has clips of both
    classes that are long enough.
    """
    rng = np.random.default_rng(seed)
    pages: dict[str, tuple[list[SpliceRow], list[SpliceRow]]] = {}
    for row in rows:
        pages.setdefault(row.page, ([], []))[row.fake].append(row)
    able = [page for page, (real, fake) in sorted(pages.items()) if real and fake]
    made: list[Splice] = []
    tries = 0
    while able and len(made) < count and tries < 20 * count:
        page = able[tries % len(able)]
        tries += 1
        splice = _splice(page, *pages[page], len(made) % 2 == 1, rng)
        if splice is not None:
            made.append(splice)
    if not made:
        raise CorpusError("no page holds real and fake clips of 1.2 s and more: there is nothing to splice")
    return made


def _splice(
    page: str, real: Sequence[SpliceRow], fake: Sequence[SpliceRow], three: bool, rng: np.random.Generator
) -> Splice | None:
    chosen = fake[int(rng.integers(len(fake)))]
    alike = [row for row in real if row.speaker == chosen.speaker] or list(real)
    other = alike[int(rng.integers(len(alike)))]
    try:
        made, spoken = (read_audio(row.path, rate=RATE).samples for row in (chosen, other))
    except AudioError:
        return None
    shortest = round(SHORTEST_PART * RATE)
    if three:
        if len(spoken) < 2 * shortest or len(made) < shortest:
            return None
        cut = int(rng.integers(shortest, len(spoken) - shortest + 1))
        longest = round(LONGEST_PART * RATE)
        parts = [spoken[max(0, cut - longest) : cut], _stretch(made, rng), spoken[cut : cut + longest]]
        labels: tuple[bool, ...] = (False, True, False)
    else:
        if min(len(spoken), len(made)) < shortest:
            return None
        parts, labels = [_stretch(spoken, rng), _stretch(made, rng)], (False, True)
        if rng.random() < 0.5:
            parts, labels = parts[::-1], labels[::-1]
    whole, boundaries = join(parts)
    known = bool(other.speaker) and "unknown" not in other.speaker
    return Splice(Audio(whole, RATE), boundaries, labels, page, known and other.speaker == chosen.speaker)


def _stretch(samples: Floats, rng: np.random.Generator) -> Floats:
    """A random stretch of random length within the bounds."""
    longest = min(len(samples), round(LONGEST_PART * RATE))
    length = int(rng.integers(min(round(SHORTEST_PART * RATE), longest), longest + 1))
    start = int(rng.integers(0, len(samples) - length + 1))
    return samples[start : start + length]
