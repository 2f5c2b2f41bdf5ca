"""What all codecs need: the rate that they work at, full scale, and to be rid of the delay that they bring."""

from collections.abc import Callable

import numpy as np
import soxr
from scipy import fft

from voxproof.degradation.kind import RATE, Floats

Code = Callable[[Floats], tuple[Floats, int]]  # samples at the codec's rate to decoded samples and their rate

_LONGEST = 4096  # samples by which a codec may be late, 256 ms
_MATCHED = 16_384  # samples that are compared, one second
_TAIL = 2048  # samples of silence behind, so that the end comes out in spite of the delay
_LOUDEST = np.float32(0.99)


def coded(samples: Floats, rate: int, code: Code) -> Floats:
    """Samples `[n]` at 16 kHz, resampled to `rate`, through `code`, and back: aligned, `[n]`.

    What is louder than full scale goes through softer and comes back as loud as it was.
    """
    if not len(samples):
        return samples
    scale = min(np.float32(1.0), _LOUDEST / np.float32(max(float(np.abs(samples).max()), 1e-9)))
    sent = np.concatenate([samples * scale, np.zeros(_TAIL, np.float32)])
    narrow = sent if rate == RATE else soxr.resample(sent, RATE, rate, quality="HQ")
    decoded, decoded_rate = code(np.clip(narrow, -1.0, 1.0))
    if decoded_rate != RATE:
        decoded = soxr.resample(decoded, decoded_rate, RATE, quality="HQ")
    return aligned(decoded, samples) / scale


def aligned(decoded: Floats, original: Floats) -> Floats:
    """`decoded` `[m]` shifted to where it matches `original` `[n]` best, `[n]`; what is missing is silent.

    Looks for delays of up to 256 ms by cross-correlation of the loudest second. Silence is not shifted.
    """
    length = len(original)
    first = 0
    if length > _MATCHED:
        energy = np.concatenate([[0.0], np.cumsum(np.square(original, dtype=np.float64))])
        starts = np.arange(0, length - _MATCHED + 1, RATE // 10)
        first = int(starts[np.argmax(energy[starts + _MATCHED] - energy[starts])])
    piece = original[first : first + _MATCHED]
    heard = decoded[first : first + len(piece) + _LONGEST]
    size = fft.next_fast_len(len(piece) + _LONGEST, real=True)
    match = fft.irfft(fft.rfft(heard, size) * fft.rfft(piece, size).conj(), size)[:_LONGEST]
    delay = int(np.argmax(match)) if match.max(initial=0.0) > 0 else 0
    found = decoded[delay : delay + length]
    return np.pad(found, (0, length - len(found))).astype(np.float32, copy=False)
