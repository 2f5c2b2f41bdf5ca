"""The row's clip to mel and pitch and back: copy-synthesis, as long and as loud as the clip.

It is nobody else's speech and gets no mark, as the copies of `voxproof.datasets.fakes` get none.
"""

import numpy as np

from voxproof.audio import Audio
from voxproof.datasets.build.makers.base import RATE, Made, Maker, maker
from voxproof.datasets.build.makers.sounds import read_clip
from voxproof.datasets.build.orders import CopyOrder
from voxproof.datasets.build.plan import Plan
from voxproof.datasets.build.units import Unit
from voxproof.errors import AudioError
from voxproof.features import f0, log_mel
from voxproof.features.level import normalise_level
from voxproof.features.mel import Floats
from voxproof.vocoders import load_vocoder

_PEAK = 0.99
_MIRRORED = 800  # samples; frames of a copy end before the clip does, so its end is copied mirrored and cut off again


@maker("copy")
class CopyMaker(Maker):
    """By any vocoder of the project."""

    family = "vocoder"

    def __init__(self, order: CopyOrder, plan: Plan) -> None:
        super().__init__(order, plan)
        self._vocoder = load_vocoder(order.vocoder)
        self.engine = order.vocoder
        self.cards = (self._vocoder.card,) if hasattr(self._vocoder, "card") else ()

    def make(self, unit: Unit) -> Made:
        """See `Maker.make`."""
        source = read_clip(unit.sound)
        spec = self._vocoder.spec
        original = source.resampled(spec.rate).samples
        if len(original) <= _MIRRORED:
            raise AudioError(f"{source.duration:.2f} s of sound are too short to be copied")
        heard = normalise_level(np.pad(original, (0, _MIRRORED), mode="reflect"))
        mel, pitch = log_mel(heard, spec), f0(heard, spec.rate, spec.hop)
        copy = self._vocoder.vocode(mel, pitch, seed=unit.seed)[: len(original)]
        return Made(Audio(_as_loud(original, copy), spec.rate).resampled(RATE))


def _as_loud(original: Floats, copy: Floats) -> Floats:
    """With the power of the original: a level of one class alone would give it away."""
    wanted, has = (float(np.sqrt(np.mean(np.square(one, dtype=np.float64)))) for one in (original, copy))
    gain = min(wanted / max(has, 1e-9), _PEAK / max(float(np.abs(copy).max(initial=0.0)), 1e-9))
    return (copy * np.float32(gain)).astype(np.float32)
