"""The clip, said again by the native converter in somebody else's voice, or in its own.

Below `voxproof.api`, so without a watermark: see `voxproof.datasets.fakes`.
"""

from functools import lru_cache, partial

from voxproof.conversion import Converter, load_converter
from voxproof.datasets.fakes.maker import Source, maker
from voxproof.datasets.fakes.spoken import voice_of
from voxproof.features.mel import Floats
from voxproof.vocoders import Vocoder, load_vocoder


@lru_cache(maxsize=1)
def _converter() -> Converter:
    return load_converter()


@lru_cache(maxsize=2)
def _vocoder(name: str) -> Vocoder:
    return load_vocoder(name)


def convert(source: Source, seed: int, vocoder: str) -> Floats:
    """The clip in the voice of the target's recordings, in the clip's own time."""
    voice = voice_of(source)
    spoken = _converter().convert(source.samples, voice.embedding, register=voice.register)
    return _vocoder(vocoder).vocode(spoken.mel, spoken.f0, seed=seed)


for _name, _vocoder_name, _voices, _share, _about in (
    ("own-convert", "pulsar", "other", 5.0, "the native converter, to another speaker"),
    ("own-convert-self", "pulsar", "own", 2.5, "the native converter, to the clip's own speaker"),
    ("own-convert-griffinlim", "griffinlim", "other", 2.5, "the native converter's mel through Griffin-Lim"),
):
    maker(_name, "vc", _about, 2026, share=_share, voices=_voices)(partial(convert, vocoder=_vocoder_name))
