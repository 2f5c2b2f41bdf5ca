"""Labelled sets at scale: the rows of a manifest cloned, converted, copied and degraded by a plan.

Every row of a set is a unit of its own (`units`): what it is made from, by what and with which seed is planned, and its
id is a hash of that. So it can be made by any process in any order (`workshop`), is told in a journal when its sound is
on disk (`journal`), and a run that was stopped goes on with what is missing (`run`).

Clones and conversions carry the mark and the manifest, as all that is made in somebody's voice; copies carry none. A
detector that trains on such a set has to put marks on its real clips too, as `voxproof.training.augment` does.
"""

from voxproof.datasets.build.merge import Merged, merge_folders
from voxproof.datasets.build.plan import Plan, load_plan
from voxproof.datasets.build.run import Built, build_set
from voxproof.datasets.build.units import Unit, Units
from voxproof.datasets.build.workshop import Workshop

__all__ = ["Built", "Merged", "Plan", "Unit", "Units", "Workshop", "build_set", "load_plan", "merge_folders"]
