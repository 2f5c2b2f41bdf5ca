"""What the reader lets in. The limits count decoded samples; what a header says can only make a refusal quicker."""

from voxproof.errors import AudioError

MAX_SECONDS = 600.0
MAX_BYTES = 256 * 2**20  # of decoded float32 over all channels, and of the encoded file
MAX_CHANNELS = 8
MIN_RATE = 4_000  # Hz
MAX_RATE = 192_000  # Hz


def check_shape(name: str, rate: int, channels: int) -> None:
    """Refuse a sampling rate or a number of channels out of bounds."""
    if not MIN_RATE <= rate <= MAX_RATE:
        raise AudioError(f"{name} has a sampling rate of {rate} Hz; {MIN_RATE} to {MAX_RATE} Hz can be read")
    if not 1 <= channels <= MAX_CHANNELS:
        raise AudioError(f"{name} has {channels} channels; 1 to {MAX_CHANNELS} can be read")


def max_frames(rate: int, channels: int) -> int:
    """The most frames (samples of one channel) that a source of this shape may decode to."""
    return min(int(MAX_SECONDS * rate), MAX_BYTES // (4 * channels))


def check_frames(name: str, frames: int, rate: int, channels: int) -> None:
    """Refuse more frames than the limits allow."""
    if frames > max_frames(rate, channels):
        if frames > MAX_SECONDS * rate:
            hours = f"{frames / rate / 3600:.1f} hours" if frames / rate < 3.6e6 else "far"
            raise AudioError(f"{name} is too long ({hours} or more); at most {MAX_SECONDS:.0f} s can be read: cut it")
        raise AudioError(f"{name} decodes to more than {MAX_BYTES >> 20} MiB; cut it, or lower its rate or channels")
