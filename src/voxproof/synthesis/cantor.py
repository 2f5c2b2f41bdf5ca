"""Cantor at work: phonemes to states to durations to pitch to mel. See `voxproof.networks.cantor`."""

import numpy as np

from voxproof.errors import TextError
from voxproof.features.mel import Floats
from voxproof.models import Card, load_card, open_session
from voxproof.synthesis.base import Factor, SpokenMel, Synthesizer, synthesizers
from voxproof.synthesis.frames import lay_out, whole_durations
from voxproof.text import encode

_LONGEST_PHONEME = 40.0  # frames, half a second: no predicted duration may run away
_LONGEST_SYMBOLS = 1_000


@synthesizers.register("cantor")
class CantorSynthesizer(Synthesizer):
    """Three graphs: `encoder.onnx`, `pitch.onnx`, `decoder.onnx`.

    Durations are changed between the first two and pitch between the last two, each symbol by its own factor.
    """

    changes_pitch = True
    changes_within = True

    def __init__(self, card: Card | None = None) -> None:
        self.card = card or load_card("cantor")
        self.name = self.card.name
        config = self.card.config
        self.encoders = tuple(config["encoders"])
        self.mel_mean, self.mel_scale = float(config["mel_mean"]), float(config["mel_scale"])
        self._encoder = open_session(self.card, "encoder.onnx")
        self._pitch = open_session(self.card, "pitch.onnx")
        self._decoder = open_session(self.card, "decoder.onnx")

    def synthesize(
        self,
        phonemes: str,
        embedding: Floats,
        *,
        register: float,
        speed: Factor = 1.0,
        pitch: Factor = 1.0,
        seed: int = 0,
    ) -> SpokenMel:
        """See `Synthesizer.synthesize`. Nothing here is random, so the seed changes nothing."""
        symbols = encode(phonemes)
        if len(symbols) == 0:
            raise TextError("there is nothing to say: no phoneme in the text")
        if len(symbols) > _LONGEST_SYMBOLS:
            raise TextError(f"{len(symbols)} phonemes are too many for one utterance: split the text into sentences")
        states, condition, log_durations = self._encoder.run(
            ["states", "condition", "log_durations"],
            {
                "symbols": symbols[None],
                "embedding": np.asarray(embedding, np.float32)[None],
                "register": np.log(np.array([register], np.float32)),
            },
        )
        lengths = np.clip(np.exp(log_durations[0]), 0.5, _LONGEST_PHONEME) / speed
        index, place = lay_out(whole_durations(lengths))
        frames = {"states": states, "condition": condition, "index": index[None], "place": place[None]}
        melody = self._pitch.run(["pitch"], frames)[0][0]
        voiced = melody[:, 1] > 0
        # The decoder sees the pitch that is asked for, so that its mel and f0 tell of the same harmonics.
        moved = melody[:, 0] + np.log(np.broadcast_to(np.float32(pitch), symbols.shape))[index]
        relative = np.where(voiced, np.clip(moved, -1.0, 1.0), 0.0).astype(np.float32)
        seen = np.stack([relative, voiced.astype(np.float32)], axis=1)
        mel = self._decoder.run(["mel"], frames | {"pitch": seen[None]})[0][0]
        f0 = np.where(voiced, register * np.exp(relative), 0.0).astype(np.float32)
        return SpokenMel((mel.T * self.mel_scale + self.mel_mean).astype(np.float32), f0, index)
