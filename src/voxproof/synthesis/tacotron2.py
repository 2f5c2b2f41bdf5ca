"""Tacotron 2 at work: phonemes to states, frames step by step, then the postnet. See `voxproof.networks.tacotron2`."""

import numpy as np

from voxproof.features.mel import Floats
from voxproof.models import Card, load_card, open_session
from voxproof.synthesis.base import Factor, SpokenMel, synthesizers
from voxproof.synthesis.frames import at_speed
from voxproof.synthesis.graphs import GraphSynthesizer, speaker_feeds, symbols_of
from voxproof.synthesis.melody import melody
from voxproof.synthesis.monotonic import MonotonicGuard

_KEPT = 0.5  # of the prenet's values: its dropout stays on


@synthesizers.register("tacotron2")
class Tacotron2Synthesizer(GraphSynthesizer):
    """Three graphs: `encoder.onnx`, `decoder.onnx` (one step) and `postnet.onnx` (the finished mel, and its pitch)."""

    def __init__(self, card: Card | None = None) -> None:
        super().__init__(card or load_card("tacotron2"))
        self._encoder = open_session(self.card, "encoder.onnx")
        self._decoder = open_session(self.card, "decoder.onnx")
        self._postnet = open_session(self.card, "postnet.onnx")
        shapes = {port.name: port.shape for port in self._decoder.get_inputs()}
        self._hidden, self._dropout = shapes["hidden"], shapes["dropout"]
        self._reduction = int(next(port.shape[1] for port in self._decoder.get_outputs() if port.name == "frames"))

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
        """See `Synthesizer.synthesize`. The seed draws the prenet's dropout, and with it the melody.

        The decoder decides on its own how fast and how high it speaks; `speed`, one number, stretches what it said, and
        `pitch` is left.
        """
        speaker = speaker_feeds(embedding, register)
        coarse = self._decode(symbols_of(phonemes), speaker, seed)
        mel, predicted = self._postnet.run(["mel", "pitch"], {"coarse": coarse[None]} | speaker)
        relative, voiced = melody(at_speed(predicted[0], float(speed)))
        return self.spoken(at_speed(mel[0], float(speed)), relative, voiced, register)

    def _decode(self, symbols: np.ndarray, speaker: dict[str, Floats], seed: int) -> Floats:
        """The decoder's mel `(frames, n_mels)`, before the postnet."""
        rng = np.random.default_rng(seed)
        memory, keys = self._encoder.run(["memory", "keys"], {"symbols": symbols[None]} | speaker)
        guard = MonotonicGuard(symbols, self._reduction)
        hidden = np.zeros(self._hidden, np.float32)
        context = np.zeros((1, memory.shape[2]), np.float32)
        attention = np.zeros((1, 2, len(symbols)), np.float32)
        last = np.zeros((1, self.spec.n_mels), np.float32)
        made: list[Floats] = []
        for _ in range(guard.most_steps):
            frames, stop, hidden, context, attention = self._decoder.run(
                ["frames", "stop", "next_hidden", "next_context", "next_attention"],
                {
                    "memory": memory,
                    "keys": keys,
                    "window": guard.window()[None],
                    "last": last,
                    "dropout": ((rng.random(self._dropout) < _KEPT) / _KEPT).astype(np.float32),
                    "hidden": hidden,
                    "context": context,
                    "attention": attention,
                },
            )
            made.append(frames[0])
            last = frames[:, -1]
            guard.advance(attention[0, 0])
            if guard.over or (guard.at_end and stop[0] > 0):
                break
        return np.concatenate(made)
