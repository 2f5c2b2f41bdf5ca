"""Detectors that are one ONNX graph over texture maps: those that we train on what nothing else brings."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from voxproof.detection.detector import detectors
from voxproof.detection.windowed import WindowConfig, WindowedDetector
from voxproof.features.mel import Floats
from voxproof.features.texture import FRAME, texture_maps
from voxproof.models import Card


class TextureConfig(WindowConfig):
    """`config` of a card with the engine `texture`."""

    window: int = Field(gt=0, description="frames of 20 ms that one score hears; the graph's own")
    hop: int = Field(gt=0, description="frames between two windows; the graph's own")


@detectors.register("texture")
class TextureDetector(WindowedDetector):
    """Texture maps `(1, frames, 865)` -> graph -> one raw score a window: the graph does the windows itself."""

    config_class: ClassVar[type[WindowConfig]] = TextureConfig

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        assert isinstance(self.config, TextureConfig)
        self.window, self.hop = self.config.window * FRAME, self.config.hop * FRAME

    def _run(self, samples: Floats) -> NDArray[np.float64]:
        output = self._session.run(["scores"], {"maps": texture_maps(samples)[None]})[0]
        return np.array(output[0], np.float64)
