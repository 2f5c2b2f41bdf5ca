"""What every maker of fakes is, and the one registry of them.

A maker turns a real clip into a synthetic one. Its name is the generator's in the manifest, so every variant of a
method is a maker of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from voxproof.errors import ModelError
from voxproof.features.mel import MEL, Floats

RATE = MEL.rate  # Hz, of every clip here


@dataclass(frozen=True)
class Source:
    """What a fake is made from.

    `samples` are the real clip, float32 `(n,)` at 16 kHz; `text` is what the fake has to say, where its maker speaks,
    and `language` that of the text; `target` are recordings of the voice to speak in, at 16 kHz too.
    """

    samples: Floats
    text: str = ""
    language: str = ""
    target: tuple[Floats, ...] = ()


Make = Callable[[Source, int], Floats]
"""A source and a seed to samples at 16 kHz; the same seed gives the same samples."""


@dataclass(frozen=True)
class Maker:
    """One generator.

    `aligned` makers copy the clip in its own time, so their result fits it sample by sample; `speaks` are the languages
    of those that need a text (None: no text needed); `voices` is whose recordings it needs beside the clip: "" for
    nobody's, "own" for the speaker's own, "other" for somebody else's; `other_text` makers say another clip's text.
    `share` weighs it against the other makers when fakes are planned, `year` is that of the method.
    """

    name: str
    family: str
    about: str
    year: int
    make: Make
    share: float = 1.0
    aligned: bool = True
    speaks: frozenset[str] | None = None
    voices: str = ""
    other_text: bool = False
    missing: Callable[[], str] = lambda: ""

    def __call__(self, source: Source, seed: int = 0) -> Floats:
        """The fake: float32 samples at 16 kHz, finite; `ModelError` if what it needs is not installed."""
        lacking = self.missing()
        if lacking:
            raise ModelError(f"the maker {self.name} cannot run: {lacking}")
        return np.asarray(self.make(source, seed), np.float32)


_makers: dict[str, Maker] = {}
_growing: list[Callable[[], Sequence[Maker]]] = []


def maker(name: str, family: str, about: str, year: int, **more: object) -> Callable[[Make], Make]:
    """Decorator of a `Make`: registers it as the generator `name`; `more` are the other fields of `Maker`."""

    def add(make: Make) -> Make:
        _makers[name] = Maker(name, family, about, year, make, **more)  # type: ignore[arg-type]
        return make

    return add


def makers_of(several: Callable[[], Sequence[Maker]]) -> Callable[[], Sequence[Maker]]:
    """Decorator of a function that finds makers when they are asked for (one a vocoder card, say)."""
    _growing.append(several)
    return several


def makers() -> dict[str, Maker]:
    """All makers by name."""
    found = dict(_makers)
    for several in _growing:
        for one in several():
            found.setdefault(one.name, one)
    return found


def load_maker(name: str) -> Maker:
    """The maker of that name; `ModelError` lists the names there are."""
    known = makers()
    if name not in known:
        raise ModelError(f"no maker of fakes is called {name!r}; there are: {', '.join(known)}")
    return known[name]
