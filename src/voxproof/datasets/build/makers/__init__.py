"""Makers: one file a kind of order, imported when a plan has such an order."""

from voxproof.datasets.build.makers.base import RATE, Made, Maker, load_maker, maker

__all__ = ["RATE", "Made", "Maker", "load_maker", "maker"]
