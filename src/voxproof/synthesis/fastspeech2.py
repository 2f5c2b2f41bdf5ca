"""FastSpeech 2 at work: phonemes to durations to pitch and energy to mel. See `voxproof.networks.fastspeech2`.

A card whose files hold `velocity.onnx` has the flow-matching decoder of Matcha-TTS (arXiv 2309.03199): the mel is then
reached from noise in a few Euler steps.
"""

import numpy as np

from voxproof.features.mel import Floats
from voxproof.models import Card, load_card, open_session
from voxproof.synthesis.base import Factor, SpokenMel, synthesizers
from voxproof.synthesis.controls import AS_PREDICTED, Controls
from voxproof.synthesis.frames import bounded_lengths, lay_out, whole_durations
from voxproof.synthesis.graphs import GraphSynthesizer, speaker_feeds, symbols_of
from voxproof.synthesis.melody import log_factors, melody

_STEPS = 4  # of Euler's method
_TEMPERATURE = 0.667  # deviation of the noise at the start of a flow: less than 1 is smoother


@synthesizers.register("fastspeech2")
class FastSpeech2Synthesizer(GraphSynthesizer):
    """Graphs: `encoder.onnx`, `variance.onnx`, then `decoder.onnx`, or `frames.onnx` and `velocity.onnx`."""

    changes_pitch = True
    changes_within = True

    def __init__(self, card: Card | None = None) -> None:
        super().__init__(card or load_card("fastspeech2"))
        self._encoder = open_session(self.card, "encoder.onnx")
        self._variance = open_session(self.card, "variance.onnx")
        self.flows = any(file.name == "velocity.onnx" for file in self.card.files)
        self._decoder = open_session(self.card, "frames.onnx" if self.flows else "decoder.onnx")
        self._velocity = open_session(self.card, "velocity.onnx") if self.flows else None
        self.steps = int(self.card.config.get("steps", _STEPS))
        self.temperature = float(self.card.config.get("temperature", _TEMPERATURE))

    def synthesize(
        self,
        phonemes: str,
        embedding: Floats,
        *,
        register: float,
        speed: Factor = 1.0,
        pitch: Factor = 1.0,
        seed: int = 0,
        controls: Controls = AS_PREDICTED,
    ) -> SpokenMel:
        """See `Synthesizer.synthesize`. `controls` change durations, pitch and energy between prediction and mel.

        The seed draws the noise that a flow starts from; with the other decoder it changes nothing.
        """
        symbols = symbols_of(phonemes)
        states, log_durations = self._encoder.run(
            ["states", "log_durations"], {"symbols": symbols[None]} | speaker_feeds(embedding, register)
        )
        lengths = bounded_lengths(log_durations[0]) * controls.each("duration", len(symbols)) / speed
        index, place = lay_out(whole_durations(lengths))
        frames = {"states": states, "index": index[None], "place": place[None]}
        predicted, energy = self._variance.run(["pitch", "energy"], frames)
        relative, voiced = melody(predicted[0])
        higher = controls.log_pitch(len(symbols)) + log_factors(pitch, len(symbols))
        moved = relative * controls.each("melody", len(symbols))[index] + higher[index]
        relative = np.where(voiced, moved, 0.0).astype(np.float32)
        energy = energy + (controls.log_energy(len(symbols))[index] / self.mel_scale)[None, :, None]
        seen = np.stack([relative, voiced.astype(np.float32)], axis=1)[None]
        adapted = frames | {"pitch": seen, "energy": energy.astype(np.float32)}
        if self._velocity is None:
            mel = self._decoder.run(["mel"], adapted)[0]
        else:
            mel = self._flow(self._decoder.run(["frames"], adapted)[0], seed)
        return self.spoken(mel[0], relative, voiced, register, index)

    def _flow(self, frames: Floats, seed: int) -> Floats:
        """From noise to a normalised mel `(1, frames, n_mels)`."""
        assert self._velocity is not None
        shape = (1, frames.shape[1], self.spec.n_mels)
        x = np.random.default_rng(seed).standard_normal(shape, np.float32) * np.float32(self.temperature)
        for step in range(self.steps):
            time = np.array([step / self.steps], np.float32)
            velocity = self._velocity.run(["velocity"], {"mel": x, "frames": frames, "time": time})[0]
            x = x + velocity / np.float32(self.steps)
        return x
