"""Texts that the native cloner says in the voice of the clip.

Below `voxproof.api`, so without a watermark: see `voxproof.datasets.fakes`.
"""

from functools import lru_cache, partial

import numpy as np

from voxproof.audio import Audio
from voxproof.cloners.native import NativeCloner
from voxproof.datasets.fakes.maker import RATE, Source, maker
from voxproof.datasets.fakes.timing import fitted
from voxproof.features.mel import Floats
from voxproof.speakers import Voice, enroll_voice
from voxproof.text import as_sentence

ENGLISH = frozenset({"en"})


@lru_cache(maxsize=2)
def _cloner(vocoder: str) -> NativeCloner:
    return NativeCloner(vocoder=vocoder)


def voice_of(source: Source) -> Voice:
    """The voice of the target's recordings, or of the clip; `AudioError` where they hold no second of speech."""
    recordings = source.target or (source.samples,)
    joined = np.concatenate([part for one in recordings for part in (one, np.zeros(RATE // 5, np.float32))])
    return enroll_voice([Audio(joined, RATE)], "source")


def speak(source: Source, seed: int, vocoder: str) -> Floats:
    """The source's text in its voice, about as long as the clip."""
    voice = voice_of(source)
    cloner = _cloner(vocoder)
    text = as_sentence(source.text)
    return fitted(source.samples, lambda rate: cloner.clone(text, voice, speed=rate, seed=seed).samples)


for _name, _vocoder, _other, _share, _about in (
    ("own-native", "pulsar", False, 8.0, "the native cloner says the clip's text in its voice"),
    ("own-native-other", "pulsar", True, 8.0, "the native cloner says another text in the clip's voice"),
    ("own-native-griffinlim", "griffinlim", True, 4.0, "the native synthesizer's mel through Griffin-Lim"),
):
    maker(
        _name, "tts-nar", _about, 2026,
        share=_share, aligned=False, speaks=ENGLISH, voices="own", other_text=_other,
    )(partial(speak, vocoder=_vocoder))  # fmt: skip
