"""Degradation of training clips, both classes alike."""

from voxproof.degradation import Degradation as Augmentation
from voxproof.degradation import Floats
from voxproof.training.augment.chain import KINDS, Augmenter

__all__ = ["KINDS", "Augmentation", "Augmenter", "Floats"]
