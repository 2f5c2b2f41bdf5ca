"""The two calls that everything else uses: `mark` and `read_mark`, with the mark that is ours today."""

from voxproof.audio import Audio, AudioLike, as_audio
from voxproof.provenance.spread_spectrum import SpreadSpectrum
from voxproof.provenance.watermark import DEFAULT_KEY, MarkReading, watermarks

MARK = SpreadSpectrum.name  # what new sound is marked with


def mark(audio: Audio, payload: int, key: bytes | str = DEFAULT_KEY) -> Audio:
    """`audio` with a mark of 16 bits that has been read back, so that what is returned is marked.

    Speech of half a second and more keeps its length; shorter or silent sound gets a quiet tail up to 2.5 s. `key` is
    the default (public: anybody's Voxproof reads the mark) or a secret of your own. `AudioError` where no mark holds,
    `ValueError` for a payload outside 0 to 65535.
    """
    return watermarks.get(MARK)().embed(audio, payload, _key_bytes(key))


def read_mark(audio: AudioLike, key: bytes | str = DEFAULT_KEY, *, rate: int | None = None) -> MarkReading:
    """The mark in a sound (path, `Audio`, open file, or array with `rate`): whether there is one, and its payload."""
    return watermarks.get(MARK)().read(as_audio(audio, rate=rate), _key_bytes(key))


def _key_bytes(key: bytes | str) -> bytes:
    return key.encode() if isinstance(key, str) else bytes(key)
