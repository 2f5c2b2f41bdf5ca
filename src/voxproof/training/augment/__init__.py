"""Degradation of training clips, both classes alike."""

from voxproof.degradation import KINDS, Floats
from voxproof.degradation import Degradation as Augmentation
from voxproof.training.augment.chain import Augmenter

__all__ = ["KINDS", "Augmentation", "Augmenter", "Floats"]
