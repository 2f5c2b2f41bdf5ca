"""WaveGlow at work: noise to speech by the mel, all samples at once (arXiv 1811.00002)."""

from typing import ClassVar

import numpy as np

from voxproof.features.mel import Floats
from voxproof.models import Card, load_card, open_session
from voxproof.vocoders.base import Vocoder, vocoders

# Deviation of the noise, where training has 1: as in the paper, which trains with 0.71 and speaks with 0.6.
_TEMPERATURE = 0.85


@vocoders.register("waveglow")
class WaveGlow(Vocoder):
    """The graph (`voxproof.networks.waveglow`) makes a `waveform` of `mel` and `noise` `(1, group, groups)`."""

    needs_card: ClassVar[bool] = True

    def __init__(self, card: Card | None = None) -> None:
        self.card = card or load_card("waveglow")
        self.name = self.card.name
        self.temperature = float(self.card.config.get("temperature", _TEMPERATURE))
        self._session = open_session(self.card)
        self.group = int(next(node for node in self._session.get_inputs() if node.name == "noise").shape[1])

    @property
    def parameters(self) -> int:
        """As its card says."""
        return int(self.card.config.get("parameters", 0))

    def vocode(self, mel: Floats, f0: Floats | None = None, *, seed: int = 0) -> Floats:
        """See `Vocoder.vocode`; f0 is not used."""
        if mel.shape[1] < 2:
            return np.zeros(0, np.float32)
        groups = (mel.shape[1] - 1) * self.spec.hop // self.group
        noise = np.random.default_rng(seed).standard_normal((1, self.group, groups), np.float32)
        feeds = {"mel": mel.T[None].astype(np.float32), "noise": np.float32(self.temperature) * noise}
        samples = np.asarray(self._session.run(["waveform"], feeds)[0][0], np.float32)
        return np.clip(samples, -1.0, 1.0)
