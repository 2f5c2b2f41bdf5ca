"""Detectors that are one ONNX graph over features of single windows: the earlier systems', and the field's."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from voxproof.detection.detector import detectors
from voxproof.detection.front_ends import front_end
from voxproof.detection.windowed import WindowConfig, WindowedDetector
from voxproof.features.mel import Floats
from voxproof.models import Card


class FramedConfig(WindowConfig):
    """`config` of a card with the engine `framed`."""

    front_end: str = Field(description="what the graph is given of a window; see `front_ends`")
    window: int = Field(gt=0, description="samples at 16 kHz that one score hears")
    hop: int = Field(gt=0, description="samples between two windows")
    batch: int = Field(default=4, gt=0, description="windows a run of the graph takes at most")


@detectors.register("framed")
class FramedDetector(WindowedDetector):
    """Each window -> front end -> graph with input `features` `(batch, ...)` and output `scores` `(batch,)`."""

    config_class: ClassVar[type[WindowConfig]] = FramedConfig

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        assert isinstance(self.config, FramedConfig)
        self.window, self.hop, self._batch = self.config.window, self.config.hop, self.config.batch
        self._front_end = front_end(self.config.front_end)

    def _run(self, samples: Floats) -> NDArray[np.float64]:
        starts = range(0, len(samples) - self.window + 1, self.hop)
        scores = []
        for first in range(0, len(starts), self._batch):
            windows = [samples[start : start + self.window] for start in starts[first : first + self._batch]]
            features = np.stack([self._front_end(window) for window in windows]).astype(np.float32, copy=False)
            scores.append(np.asarray(self._session.run(["scores"], {"features": features})[0], np.float64).ravel())
        return np.concatenate(scores)
