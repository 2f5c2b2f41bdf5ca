"""Attacks on detectors: what happens to recordings on their way, and what a forger may do, one kind a file.

Those that need gradients, and torch, are in `training/attacks_whitebox.py` and `training/attack_modifier.py`.
"""

from voxproof.evaluation.attacks import (
    pitch,
    recoding,
    rerecording,
    resynthesis,
    splicing,
    tempo,
    trimming,
    world,
)
from voxproof.evaluation.attacks.attack import RATE, Attack, Mixture, Transform

KINDS = (rerecording, resynthesis, world, recoding, tempo, pitch, trimming, splicing)
ATTACKS: tuple[Attack, ...] = tuple(attack for kind in KINDS for attack in kind.ATTACKS)

__all__ = ["ATTACKS", "RATE", "Attack", "Mixture", "Transform"]
