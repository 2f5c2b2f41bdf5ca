"""A labelled set of speech made from others by a plan: cut, joined, levelled, balanced, dealt to splits, drawn."""

from voxproof.datasets.refine.plan import Plan, load_plan
from voxproof.datasets.refine.run import Refined, refine
from voxproof.datasets.refine.splits import check_disjoint

__all__ = ["Plan", "Refined", "check_disjoint", "load_plan", "refine"]
