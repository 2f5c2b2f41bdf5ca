"""What can be computed of a clip, by name: the front ends of detectors, the mel of all models, speaker embeddings."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

from numpy.typing import NDArray

from voxproof.audio import Audio
from voxproof.detection.front_ends import FRONT_ENDS
from voxproof.errors import CorpusError
from voxproof.features import log_mel
from voxproof.models import load_card
from voxproof.speakers.encoder import CONDITIONING, load_encoder

LOG_MEL, EMBEDDING = "log-mel", "embedding"
NAMES = (LOG_MEL, EMBEDDING, *FRONT_ENDS)

Extract: TypeAlias = Callable[[Audio], NDArray[Any]]
"""From a clip at 16 kHz to its array."""


@lru_cache(maxsize=4)
def extractor(name: str) -> Extract:
    """The features of that name, or of `embedding:ENCODER`; models are loaded. `CorpusError` lists the names."""
    kind, _, encoder = name.partition(":")
    if kind == EMBEDDING:
        return load_encoder(encoder or CONDITIONING).embed
    if name == LOG_MEL:
        return lambda audio: log_mel(audio.samples)
    if name not in FRONT_ENDS:
        raise CorpusError(f"there are no features {name!r}; there are {', '.join(NAMES)} and {EMBEDDING}:ENCODER")
    front_end = FRONT_ENDS[name]
    return lambda audio: front_end(audio.samples)


def model_of(name: str) -> str:
    """The card, with its hash, of the model that computes them; empty where none does."""
    kind, _, encoder = name.partition(":")
    if kind != EMBEDDING:
        return ""
    card = load_card(encoder or CONDITIONING)
    return f"{card.name}@{card.sha256}"
