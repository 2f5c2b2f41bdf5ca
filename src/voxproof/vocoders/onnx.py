"""Vocoders that are one ONNX graph from log-mel to samples: MelGAN, HiFi-GAN, and any other that we train."""

from typing import ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voxproof.errors import ModelError
from voxproof.features.mel import Floats
from voxproof.models import Card, open_session
from voxproof.vocoders.base import Vocoder, vocoders
from voxproof.vocoders.streaming import pieces

_FEWEST_FRAMES = 8  # a shorter mel is given more of its last frame: graphs mirror their input at its edges
_MOST_FRAMES = 1_600  # 20 s; what is longer is made in pieces, so that memory does not grow with it


class OnnxVocoderConfig(BaseModel):
    """`config` of a card with the engine `onnx`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parameters: int = Field(default=0, ge=0)
    context: int | None = Field(default=None, ge=0, description="see Vocoder; None: all frames")
    file: str = "model.onnx"
    minutes: float | None = Field(default=None, ge=0, description="of training")


@vocoders.register("onnx")
class OnnxVocoder(Vocoder):
    """The graph takes `mel` `(1, frames, n_mels)` and gives `waveform` `(1, (frames - 1) * hop)`."""

    needs_card: ClassVar[bool] = True

    def __init__(self, card: Card | None = None) -> None:
        if card is None:
            raise ModelError("the engine 'onnx' runs vocoders that have a card: give the name of one")
        self.card = card
        self.name = card.name
        try:
            self.config = OnnxVocoderConfig.model_validate(card.config)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise ModelError(f"card {card.name}: config.{place}: {first['msg']}") from None
        self.context = self.config.context
        self._session = open_session(card, self.config.file)
        inputs = [(put.name, put.shape[-1]) for put in self._session.get_inputs()]
        outputs = [put.name for put in self._session.get_outputs()]
        if inputs != [("mel", self.spec.n_mels)] or "waveform" not in outputs:
            raise ModelError(
                f"card {card.name}: the graph must take 'mel' of {self.spec.n_mels} bands and give 'waveform'; "
                f"it takes {inputs} and gives {outputs}"
            )

    @property
    def parameters(self) -> int:
        """As its card says."""
        return self.config.parameters

    def vocode(self, mel: Floats, f0: Floats | None = None, *, seed: int = 0) -> Floats:
        """See `Vocoder.vocode`; neither f0 nor the seed is used."""
        frames = mel.shape[1]
        if frames < 2:
            return np.zeros(0, np.float32)
        if self.context is None or frames <= _MOST_FRAMES:
            return self._run(mel)
        made = pieces(lambda a, b: self._run(mel[:, a:b]), frames, self.context, self.spec.hop, _MOST_FRAMES)
        return np.concatenate(list(made))

    def _run(self, mel: Floats) -> Floats:
        frames = mel.shape[1]
        padded = np.pad(mel, ((0, 0), (0, max(0, _FEWEST_FRAMES - frames))), mode="edge")
        waveform = self._session.run(["waveform"], {"mel": padded.T[None].astype(np.float32)})[0]
        expected = (padded.shape[1] - 1) * self.spec.hop
        if waveform.shape != (1, expected):
            raise ModelError(
                f"card {self.name}: the graph made {waveform.shape} of {padded.shape[1]} frames, not (1, {expected})"
            )
        samples: Floats = waveform[0, : (frames - 1) * self.spec.hop]
        return samples
