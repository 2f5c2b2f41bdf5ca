"""Conversion through phonetic posteriorgrams at work. See `voxproof.networks.ppg`."""

import numpy as np

from voxproof.conversion.base import Converter, converters
from voxproof.features import f0, log_mel
from voxproof.features.level import normalise_level
from voxproof.features.mel import Floats
from voxproof.features.voicing import without_blips
from voxproof.models import Card, load_card, open_session
from voxproof.synthesis import SpokenMel

_PIECE = 1_600  # frames that the networks see at once, 20 s; memory stays flat on long speech
_HALO = 80  # frames of context at both ends of a piece


@converters.register("ppg")
class PpgConverter(Converter):
    """Two graphs: `recogniser.onnx` (mel to posteriors) and `decoder.onnx` (posteriors, prosody, voice to mel)."""

    def __init__(self, card: Card | None = None) -> None:
        self.card = card or load_card("ppg")
        self.name = self.card.name
        self.encoders = tuple(self.card.config["encoders"])
        self.mel_mean, self.mel_scale = float(self.card.config["mel_mean"]), float(self.card.config["mel_scale"])
        self._recogniser = open_session(self.card, "recogniser.onnx")
        self._decoder = open_session(self.card, "decoder.onnx")

    def convert(self, samples: Floats, embedding: Floats, *, register: float) -> SpokenMel:
        """See `Converter.convert`."""
        samples = normalise_level(samples)
        mel = (log_mel(samples, self.spec).T - self.mel_mean) / self.mel_scale
        frames = len(mel)
        pitch = without_blips(f0(samples, self.spec.rate, self.spec.hop))
        voiced = pitch > 0
        own = float(np.median(pitch[voiced])) if voiced.any() else 1.0
        relative = np.where(voiced, np.clip(np.log(np.maximum(pitch, 1.0) / own), -1.0, 1.0), 0.0)
        level = mel.mean(1)
        prosody = np.stack([relative, voiced, level - level.mean()], axis=1).astype(np.float32)
        if frames % 2:
            mel, prosody = np.concatenate([mel, mel[-1:]]), np.concatenate([prosody, prosody[-1:]])
        pieces = []
        for start in range(0, len(mel), _PIECE):
            first, last = max(0, start - _HALO), min(len(mel), start + _PIECE + _HALO)
            made = self._piece(mel[first:last], prosody[first:last], embedding, register)
            pieces.append(made[start - first : start - first + min(_PIECE, len(mel) - start)])
        whole = np.concatenate(pieces)[:frames]
        return SpokenMel(
            (whole.T * self.mel_scale + self.mel_mean).astype(np.float32),
            np.where(voiced, register * np.exp(relative), 0.0).astype(np.float32),
        )

    def _piece(self, mel: Floats, prosody: Floats, embedding: Floats, register: float) -> Floats:
        posteriors = self._recogniser.run(["posteriors"], {"mel": mel[None].astype(np.float32)})[0]
        feeds = {
            "posteriors": posteriors,
            "prosody": prosody[None],
            "embedding": np.asarray(embedding, np.float32)[None],
            "register": np.log(np.array([register], np.float32)),
        }
        made: Floats = self._decoder.run(["mel"], feeds)[0][0]
        return made
