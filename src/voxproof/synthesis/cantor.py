"""Cantor at work: phonemes to states to durations to pitch to mel. See `voxproof.networks.cantor`."""

import numpy as np

from voxproof.features.mel import Floats
from voxproof.models import Card, load_card, open_session
from voxproof.synthesis.base import Factor, SpokenMel, synthesizers
from voxproof.synthesis.frames import bounded_lengths, lay_out, whole_durations
from voxproof.synthesis.graphs import GraphSynthesizer, speaker_feeds, symbols_of
from voxproof.synthesis.melody import log_factors, melody


@synthesizers.register("cantor")
class CantorSynthesizer(GraphSynthesizer):
    """Three graphs: `encoder.onnx`, `pitch.onnx`, `decoder.onnx`.

    Durations are changed between the first two and pitch between the last two, each symbol by its own factor.
    """

    changes_pitch = True
    changes_within = True

    def __init__(self, card: Card | None = None) -> None:
        super().__init__(card or load_card("cantor"))
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
        symbols = symbols_of(phonemes)
        states, condition, log_durations = self._encoder.run(
            ["states", "condition", "log_durations"], {"symbols": symbols[None]} | speaker_feeds(embedding, register)
        )
        index, place = lay_out(whole_durations(bounded_lengths(log_durations[0]) / speed))
        frames = {"states": states, "condition": condition, "index": index[None], "place": place[None]}
        # The decoder sees the pitch that is asked for, so that its mel and f0 tell of the same harmonics.
        relative, voiced = melody(self._pitch.run(["pitch"], frames)[0][0], log_factors(pitch, len(symbols))[index])
        seen = np.stack([relative, voiced.astype(np.float32)], axis=1)
        mel = self._decoder.run(["mel"], frames | {"pitch": seen[None]})[0][0]
        return self.spoken(mel, relative, voiced, register, index)
