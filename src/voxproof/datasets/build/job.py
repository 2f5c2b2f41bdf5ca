"""What an executor is given: units to make, and where they are told of."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from voxproof.datasets.build.local import Told
from voxproof.datasets.build.plan import Plan
from voxproof.datasets.build.units import Units
from voxproof.datasets.build.workshop import Workshop
from voxproof.places import Place


class Job(NamedTuple):
    """Units number `numbers` of `units`, told in the folder's journals of the name `shard`."""

    plan: Plan
    folder: Place
    shard: str
    workshop: Workshop
    units: Units
    numbers: Sequence[int]


Execute: TypeAlias = Callable[[Job, Told], None]
"""Makes all units of a job and tells of each."""
