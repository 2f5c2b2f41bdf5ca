"""Fakes made from real clips, so that both classes share speakers, words, rooms and microphones: one file a method.

None of them is watermarked. A mark on one class alone would be a shortcut that a detector learns instead of what
generators leave behind; that is why the makers use engines below `voxproof.api`, which marks everything. What is made
here is for training detectors, and is never handed to anybody as speech.
"""

from voxproof.datasets.fakes import (  # noqa: F401 (they register themselves)
    converted,
    griffin_lim,
    lpc,
    phase,
    spoken,
    system,
    vocoded,
    world,
)
from voxproof.datasets.fakes.maker import Maker, Source, load_maker, makers

__all__ = ["Maker", "Source", "load_maker", "makers"]
