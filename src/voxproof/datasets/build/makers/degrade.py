"""The row's clip through a named condition (a telephone, a room, noise); it stays what it is, real or fake."""

import numpy as np

from voxproof.audio import Audio
from voxproof.datasets.build.makers.base import RATE, Made, Maker, maker
from voxproof.datasets.build.makers.sounds import read_clip
from voxproof.datasets.build.orders import DegradeOrder
from voxproof.datasets.build.plan import Plan
from voxproof.datasets.build.units import Unit
from voxproof.degradation import CONDITIONS
from voxproof.errors import CorpusError


@maker("degrade")
class DegradeMaker(Maker):
    """By `voxproof.degradation.CONDITIONS`; what is random in one comes from the unit's seed."""

    synthetic = False

    def __init__(self, order: DegradeOrder, plan: Plan) -> None:
        super().__init__(order, plan)
        if order.condition not in CONDITIONS:
            raise CorpusError(f"no condition is called {order.condition!r}; there are: {', '.join(CONDITIONS)}")
        self._condition = CONDITIONS[order.condition]

    def make(self, unit: Unit) -> Made:
        """See `Maker.make`."""
        samples = self._condition(read_clip(unit.sound).samples, np.random.default_rng(unit.seed))
        return Made(Audio(samples, RATE), extra={"condition": self.order.condition})
