"""Makers that make nothing new: the row's own clip in the coding of the set, and the row alone."""

from voxproof.datasets.build.makers.base import Made, Maker, maker
from voxproof.datasets.build.makers.sounds import read_clip
from voxproof.datasets.build.units import Unit


@maker("source")
class SourceMaker(Maker):
    """The clip, mixed down and at the set's rate, so that real and fake lie in one coding."""

    synthetic = False

    def make(self, unit: Unit) -> Made:
        """See `Maker.make`."""
        return Made(read_clip(unit.sound))


@maker("null")
class NullMaker(Maker):
    """No sound: the row points at the source's."""

    synthetic = False

    def make(self, unit: Unit) -> Made:
        """See `Maker.make`."""
        return Made(None)
