"""WaveNet's memory at work (arXiv 1611.09482): a step a sample, each layer's inputs kept for one dilation.

The graph of a step is `voxproof.networks.wavenet_step`; its metadata `wavenet` say the sizes in JSON. ONNX Runtime
takes as long for it as NumPy does where layers have 64 or 128 channels, and can also compute in 8 bits.
"""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from voxproof.errors import ModelError
from voxproof.features.mel import Floats

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

METADATA = "wavenet"


@dataclass(frozen=True)
class WaveNetSizes:
    """What the graph of a step says of itself."""

    output: str  # logistics or categorical
    levels: int
    mixtures: int
    kernel: int
    dilations: tuple[int, ...]
    residual: int
    hop: int  # samples a frame of the mel
    repeat: int  # samples that share a condition


def sizes_of(step: "InferenceSession") -> WaveNetSizes:
    """The sizes in the metadata of a step's graph; `ModelError` if there are none."""
    try:
        tree: dict[str, Any] = json.loads(step.get_modelmeta().custom_metadata_map[METADATA])
        return WaveNetSizes(**(tree | {"dilations": tuple(tree["dilations"])}))
    except (KeyError, TypeError, ValueError) as reason:
        raise ModelError(f"the graph is no step of a WaveNet: its metadata {METADATA!r} are unfit ({reason})") from None


class CachedWaveNet:
    """`step(previous, condition)` gives the distribution of one sample after another, from silence on."""

    def __init__(self, session: "InferenceSession") -> None:
        self.sizes = sizes_of(session)
        self._session = session
        layers, taps = len(self.sizes.dilations), self.sizes.kernel - 1
        dilations = np.array(self.sizes.dilations)
        self._length = taps * dilations  # samples that a layer's ring holds
        self._first = np.cumsum(self._length) - self._length
        self._shift = dilations[:, None] * np.arange(1, taps + 1)
        self._shape = (layers, 1, taps * self.sizes.residual)
        self._ring = np.zeros((int(self._length.sum()), self.sizes.residual), np.float32)
        self._sample = np.zeros((1, 1), np.float32)
        self._time = 0

    def step(self, previous: float, condition: Floats) -> Floats:
        """The distribution `(outputs,)` of the next sample.

        `previous` is the sample before it on [-1, 1] (0 before the first), `condition` `(layers, 1, 2 * gates)`.
        """
        self._sample[0, 0] = previous
        places = self._first[:, None] + (self._time - self._shift) % self._length[:, None]
        past = self._ring[places].reshape(self._shape)
        feeds = {"previous": self._sample, "past": past, "condition": condition}
        parameters, given = self._session.run(None, feeds)
        self._ring[self._first + self._time % self._length] = given
        self._time += 1
        return np.asarray(parameters[0], np.float32)
