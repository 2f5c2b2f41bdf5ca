"""What the reader lets in.

The limits count decoded samples. A header is believed only where believing it makes a refusal quicker: one that says
too much is refused at once, and one that says too little does not get more decoded than it says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from voxproof.errors import AudioError

MAX_SECONDS = 600.0
MAX_BYTES = 256 * 2**20  # of decoded float32 over all channels, and of the encoded file
MAX_CHANNELS = 8
MIN_RATE = 4_000  # Hz
MAX_RATE = 192_000  # Hz


_expected: ContextVar[float] = ContextVar("expected", default=0.0)


@contextmanager
def expecting(seconds: float) -> Iterator[None]:
    """Let in what lasts so long, too: a file that was just written, to be read back."""
    token = _expected.set(seconds)
    try:
        yield
    finally:
        _expected.reset(token)


def _times_the_limit() -> float:
    """By how much more than the usual limits is expected, with room for what a codec adds; 1 otherwise."""
    expected = _expected.get()
    return max(1.0, (expected + 1.0) / MAX_SECONDS) if expected else 1.0


def check_shape(name: str, rate: int, channels: int) -> None:
    """Refuse a sampling rate or a number of channels out of bounds."""
    if not MIN_RATE <= rate <= MAX_RATE:
        raise AudioError(f"{name}: a sampling rate of {rate} Hz is out of bounds, {MIN_RATE} to {MAX_RATE} Hz")
    if not 1 <= channels <= MAX_CHANNELS:
        raise AudioError(f"{name}: {channels} channels are out of bounds, 1 to {MAX_CHANNELS}")


def check_frames(name: str, frames: int, rate: int, channels: int) -> None:
    """Refuse more frames (samples of one channel) than the limits allow."""
    check_seconds(name, frames / rate)
    if frames * channels * 4 > MAX_BYTES * _times_the_limit():
        raise AudioError(
            f"{name}: decodes to more than {MAX_BYTES >> 20} MiB; cut it, or lower its sampling rate or channels"
        )


def check_seconds(name: str, seconds: float) -> None:
    """Refuse what lasts longer than the limit."""
    if seconds > MAX_SECONDS * _times_the_limit():
        long = f"{seconds / 3600:.1f} hours" if seconds < 3.6e6 else "an impossible length"
        raise AudioError(f"{name}: too long ({long}), at most {MAX_SECONDS:.0f} s can be read; cut it into pieces")


def check_size(name: str, size: int) -> None:
    """Refuse an encoded file (bytes) that is empty or larger than anything that may be decoded."""
    if size == 0:
        raise AudioError(f"{name}: empty, 0 bytes")
    if size > MAX_BYTES * _times_the_limit() + 2**20:
        raise AudioError(f"{name}: {size >> 20} MiB are too much, at most {MAX_BYTES >> 20} MiB can be read")
