"""Encoders that are one ONNX graph over log-mel: those that we train. The card says all that differs between them."""

from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from voxproof.errors import ModelError
from voxproof.features.level import normalise_level
from voxproof.features.mel import MelSpec, log_mel
from voxproof.models import Card, open_session
from voxproof.speakers.encoder import Floats, SpeakerEncoder, encoders

_CROPS_AT_ONCE = 16


class OnnxEncoderConfig(BaseModel):
    """`config` of a card with the engine `onnx`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dim: int = Field(gt=0)
    mel: dict[str, Any] = Field(default_factory=dict, description="fields of MelSpec that differ from the project's")
    file: str = "model.onnx"
    input: str = "log_mel"  # (batch, n_mels, frames)
    output: str = "embedding"  # (batch, dim)
    level: float | None = Field(default=None, gt=0, description="root mean square that speech is brought to first")
    crop_seconds: float | None = Field(default=None, gt=0, description="long clips are the mean of such crops")
    step_seconds: float | None = Field(default=None, gt=0, description="between crops; half a crop if not given")
    different_below: float | None = Field(default=None, description="see SpeakerEncoder")
    shortest_seconds: float = Field(default=1.0, gt=0, description="shorter clips are repeated up to it")


@encoders.register("onnx")
class OnnxEncoder(SpeakerEncoder):
    """Log-mel -> graph -> embedding; the mean over crops where the card asks for crops."""

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        try:
            self.config = OnnxEncoderConfig.model_validate(card.config)
            self.mel = TypeAdapter(MelSpec).validate_python(card.config.get("mel", {}), extra="forbid")
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise ModelError(f"card {card.name}: config.{place}: {first['msg']}") from None
        self.rate = self.mel.rate
        self.different_below = self.config.different_below
        self._session = open_session(card, self.config.file)
        names = {put.name for put in (*self._session.get_inputs(), *self._session.get_outputs())}
        if lacking := {self.config.input, self.config.output} - names:
            raise ModelError(f"card {card.name}: the graph has no {', '.join(sorted(lacking))}; it has {sorted(names)}")

        batch = next(put.shape[0] for put in self._session.get_inputs() if put.name == self.config.input)
        self._at_once = batch if isinstance(batch, int) else _CROPS_AT_ONCE  # some graphs take one crop at a time
        if self._at_once != 1 and isinstance(batch, int):
            raise ModelError(
                f"card {card.name}: the graph takes {batch} crops at once; it must take one, or any number"
            )

    @property
    def dim(self) -> int:
        """As the card says."""
        return self.config.dim

    def _embed(self, samples: Floats) -> Floats:
        if self.config.level is not None:
            samples = normalise_level(samples, self.config.level)
        shortest = round(self.config.shortest_seconds * self.rate)
        if len(samples) < shortest:
            samples = np.tile(samples, -(-shortest // len(samples)))[:shortest]
        # The mel of the whole clip is computed once; a crop is a slice of its frames.
        crops = self._crops(log_mel(samples, self.mel))
        found = [
            self._session.run([self.config.output], {self.config.input: crops[start : start + self._at_once]})[0]
            for start in range(0, len(crops), self._at_once)
        ]
        embeddings: Floats = np.concatenate(found)
        if embeddings.shape[1:] != (self.dim,):
            raise ModelError(f"card {self.name}: embeddings are of shape {embeddings.shape[1:]}, not ({self.dim},)")
        mean: Floats = (embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True).clip(1e-12)).mean(axis=0)
        return mean

    def _crops(self, mel: Floats) -> Floats:
        """`(n_mels, frames)` -> `(crops, n_mels, crop)`: evenly spread crops of one length that cover the clip."""
        frames = mel.shape[1]
        crop = frames if self.config.crop_seconds is None else round(self.config.crop_seconds * self.mel.frame_rate)
        if frames <= crop:
            return np.ascontiguousarray(mel[None])
        step = (self.config.step_seconds or (crop / self.mel.frame_rate / 2)) * self.mel.frame_rate
        count = int(np.ceil((frames - crop) / step)) + 1
        starts = np.linspace(0, frames - crop, count).round().astype(int)
        return np.stack([mel[:, start : start + crop] for start in starts])
