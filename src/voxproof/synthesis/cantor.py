"""Cantor at work: phonemes to states to durations to pitch to mel. See `voxproof.networks.cantor`."""

from typing import TYPE_CHECKING, Final

import numpy as np

from voxproof.errors import ModelError
from voxproof.features.mel import Floats
from voxproof.models import Card, file_path, load_card, open_session
from voxproof.synthesis.base import Factor, SpokenMel, synthesizers
from voxproof.synthesis.frames import bounded_lengths, lay_out, whole_durations
from voxproof.synthesis.graphs import GraphSynthesizer, speaker_feeds, symbols_of
from voxproof.synthesis.melody import log_factors, melody

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

AVERAGE: Final = "average.npy"  # of a card whose config says `guidance`: the mean embedding of the speakers trained on


@synthesizers.register("cantor")
class CantorSynthesizer(GraphSynthesizer):
    """Three graphs: `encoder.onnx`, `pitch.onnx`, `decoder.onnx`.

    Durations are changed between the first two and pitch between the last two, each symbol by its own factor.

    With `guidance` g in its card the mel, where it is below the one that the average speaker would have, goes down by
    another g of the distance: a regression fills the valleys of a voice, and this clears them. Classifier-free guidance
    (arXiv:2207.12598) leads away from the average in both directions, and lifts a noisy reference's noise with it.
    """

    changes_pitch = True
    changes_within = True

    def __init__(self, card: Card | None = None) -> None:
        super().__init__(card or load_card("cantor"))
        self._encoder = open_session(self.card, "encoder.onnx")
        self._pitch = open_session(self.card, "pitch.onnx")
        self._decoder = open_session(self.card, "decoder.onnx")
        self.guidance = float(self.card.config.get("guidance", 0.0))
        self._average = _read_average(self.card, self._encoder) if self.guidance else None

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
        heard = frames | {"pitch": seen[None]}
        mel = self._decoder.run(["mel"], heard)[0][0]
        if self._average is not None:
            speaker = {"symbols": symbols[None, :1]} | speaker_feeds(self._average, register)
            average = self._encoder.run(["condition"], speaker)[0]
            plain = self._decoder.run(["mel"], heard | {"condition": average})[0][0]
            mel = mel + self.guidance * np.minimum(mel - plain, 0.0)
        return self.spoken(mel, relative, voiced, register, index)


def _read_average(card: Card, encoder: "InferenceSession") -> Floats:
    path = file_path(card, AVERAGE)
    try:
        average = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as problem:
        raise ModelError(f"{path}: not an array of NumPy ({problem}): the card's guidance needs it") from problem
    size = {node.name: node.shape for node in encoder.get_inputs()}["embedding"][-1]
    if average.shape != (size,):
        raise ModelError(f"{path}: shape {average.shape}, where the encoder takes {size} numbers of a speaker")
    return np.asarray(average, np.float32)
