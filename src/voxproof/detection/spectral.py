"""Detectors that are one ONNX graph over the compressed complex spectrogram: those that we train."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from voxproof.detection.detector import detectors
from voxproof.detection.windowed import WindowConfig, WindowedDetector
from voxproof.features.mel import Floats
from voxproof.features.spectrogram import HOP, compressed_spectrogram
from voxproof.models import Card


class SpectralConfig(WindowConfig):
    """`config` of a card with the engine `spectral`."""

    window: int = Field(gt=0, description="frames of 10 ms that one score hears; the graph's own")
    hop: int = Field(gt=0, description="frames between two windows; the graph's own")


@detectors.register("spectral")
class SpectralDetector(WindowedDetector):
    """Spectrogram `(1, 2, 161, frames)` -> graph -> one raw score a window: the graph does the windows itself."""

    config_class: ClassVar[type[WindowConfig]] = SpectralConfig

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        assert isinstance(self.config, SpectralConfig)
        self.window, self.hop = self.config.window * HOP, self.config.hop * HOP

    def _run(self, samples: Floats) -> NDArray[np.float64]:
        spectrogram = compressed_spectrogram(samples)[None]
        output = self._session.run(None, {"spectrogram": spectrogram})[0]
        return np.array(output[0], np.float64)
