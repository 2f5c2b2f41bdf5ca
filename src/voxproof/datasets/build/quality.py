"""How well a clip came out: word errors by the recogniser, likeness by the judge. Rows are marked, never dropped."""

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from voxproof.audio import Audio
from voxproof.datasets.build.makers.base import RATE
from voxproof.datasets.build.makers.sounds import joined
from voxproof.datasets.build.plan import Plan
from voxproof.datasets.build.references import Clip
from voxproof.datasets.build.units import Unit
from voxproof.errors import AudioError
from voxproof.evaluation.recognition import Recogniser, score_transcript
from voxproof.evaluation.similarity import Embedding, cosine
from voxproof.speakers import JUDGE, load_encoder

_IN_A_VOICE = ("clone", "convert", "copy")
_VOICES = 256  # embeddings kept a process


class QualityMarks:
    """`wer` (English with a text only), `similarity` to whose voice it should be, and `quality`: ok or poor."""

    def __init__(self, plan: Plan) -> None:
        self._most_wer, self._least_similarity = plan.quality.most_wer, plan.quality.least_similarity
        self._recogniser = Recogniser() if self._most_wer is not None else None
        self._judge = load_encoder(JUDGE) if self._least_similarity is not None else None
        self._embedding = lru_cache(maxsize=_VOICES)(self._embedded)

    def load(self) -> None:
        """Find out now what is not installed: `ModelError`."""
        if self._recogniser is not None:
            score_transcript("one", "one")
            self._recogniser.hear(Audio(np.zeros(RATE, np.float32), RATE))

    def marks(self, unit: Unit, text: str, audio: Audio) -> Mapping[str, str]:
        """Keys for the row's `extra`; none where nothing is asked for or can be said."""
        found: dict[str, str] = {}
        poor = False
        if self._recogniser is not None and self._most_wer is not None and _english(unit) and text:
            errors, _ = score_transcript(text, self._recogniser.transcribe(audio))
            if errors.length:
                found["wer"] = f"{errors.rate:.3f}"
                poor |= errors.rate > self._most_wer
        if self._judge is not None and self._least_similarity is not None and unit.kind in _IN_A_VOICE:
            alike = self._similarity(unit, audio)
            found["similarity"] = f"{alike:.3f}" if math.isfinite(alike) else ""
            poor |= not alike >= self._least_similarity
        return found | {"quality": "poor" if poor else "ok"} if found else {}

    def _similarity(self, unit: Unit, audio: Audio) -> float:
        """The cosine to the voice that it should be; NaN where a sound holds none."""
        try:
            return cosine(self._embedding(unit.voice or (unit.sound,)), self._judge_of(audio))
        except AudioError:
            return math.nan

    def _embedded(self, clips: tuple[Clip, ...]) -> Embedding:
        return self._judge_of(joined(clips))

    def _judge_of(self, audio: Audio) -> Embedding:
        assert self._judge is not None
        return self._judge.embed(audio)


def _english(unit: Unit) -> bool:
    return unit.source.language.lower().startswith("en")
