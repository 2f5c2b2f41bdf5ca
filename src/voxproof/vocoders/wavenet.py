"""WaveNet at work: one sample after another from the mel and all samples before (arXiv 1609.03499)."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from voxproof.errors import ModelError
from voxproof.features.mel import Floats
from voxproof.features.sample_levels import Levels, even_decode, mu_law_decode
from voxproof.models import Card, load_card, open_session
from voxproof.vocoders.base import Vocoder, vocoders
from voxproof.vocoders.cached_wavenet import CachedWaveNet, sizes_of
from voxproof.vocoders.drawing import CategoricalDrawing, Drawing, LogisticsDrawing

_BLOCK = 16  # frames whose conditions are made at once: those of a wide network take megabytes a frame
_MARGIN = 4  # frames to both sides that the upsampling of the mel looks at


@vocoders.register("wavenet")
class WaveNet(Vocoder):
    """`conditions.onnx` makes of the mel what each layer adds, `step.onnx` is run once for every sample."""

    needs_card: ClassVar[bool] = True

    def __init__(self, card: Card | None = None) -> None:
        self.card = card or load_card("wavenet")
        self.name = self.card.name
        self.temperature = float(self.card.config.get("temperature", 1.0))
        self._conditions = open_session(self.card, "conditions.onnx")
        self._step = open_session(self.card, "step.onnx")
        self.sizes = sizes_of(self._step)
        if self.sizes.hop != self.spec.hop:
            raise ModelError(f"model {self.name}: made for {self.sizes.hop} samples a frame, not {self.spec.hop}")

    @property
    def parameters(self) -> int:
        """As its card says."""
        return int(self.card.config.get("parameters", 0))

    def vocode(self, mel: Floats, f0: Floats | None = None, *, seed: int = 0) -> Floats:
        """See `Vocoder.vocode`; f0 is not used."""
        length = max(mel.shape[1] - 1, 0) * self.spec.hop
        levels = np.zeros(length, np.int64)
        drawing, memory = self._drawing(length, seed), CachedWaveNet(self._step)
        highest, previous, time = self.sizes.levels - 1, 0.0, 0
        for condition in self.conditions(mel):
            for _ in range(self.sizes.repeat):
                level = drawing.draw(memory.step(previous, condition), time)
                levels[time] = level
                previous = 2.0 * level / highest - 1.0
                time += 1
        return self._decode(levels)

    def conditions(self, mel: Floats) -> Iterator[Floats]:
        """What the layers add, `(layers, 1, 2 * gates)` for every `repeat` samples; mel `(n_mels, frames)`."""
        frames = mel.shape[1]
        places = self.sizes.hop // self.sizes.repeat
        for start in range(0, frames - 1, _BLOCK):
            first, end = max(0, start - _MARGIN), min(start + _BLOCK, frames - 1)
            part = np.ascontiguousarray(mel[:, first : end + _MARGIN].T[None], np.float32)
            yield from self._conditions.run(None, {"mel": part})[0][(start - first) * places : (end - first) * places]

    def _drawing(self, length: int, seed: int) -> Drawing:
        if self.sizes.output == "categorical":
            return CategoricalDrawing(length, seed, self.temperature)
        return LogisticsDrawing(self.sizes.levels, self.sizes.mixtures, length, seed, self.temperature)

    def _decode(self, levels: Levels) -> Floats:
        decode = mu_law_decode if self.sizes.output == "categorical" else even_decode
        return decode(levels, self.sizes.levels)
