"""The telephone's two companding laws, by ITU-T G.711 (11/88): 8 bits a sample, by whole numbers as it defines them."""

import numpy as np
from numpy.typing import NDArray

from voxproof.degradation.codecs.coding import coded
from voxproof.degradation.kind import Floats

Integers = NDArray[np.int64]
Bytes = NDArray[np.uint8]

TELEPHONE_RATE = 8000  # Hz
_MU_BIAS = 33
_MU_LARGEST = 8158  # 14 bits
_A_LARGEST = 4095  # 13 bits
_EVEN_BITS = 0x55


def mu_law_encode(linear: Integers) -> Bytes:
    """Whole numbers of 14 bits `[n]` (-8159 to 8159) to bytes as they are sent: all bits inverted."""
    size = np.minimum(np.abs(linear), _MU_LARGEST) + _MU_BIAS
    segment = np.frexp(size)[1] - 6  # 33 to 63 is segment 0
    step = (size >> (segment + 1)) & 0xF
    sign = np.where(linear < 0, 0x80, 0)
    return np.asarray(~(sign | segment << 4 | step) & 0xFF, np.uint8)


def mu_law_decode(sent: Bytes) -> Integers:
    """Bytes `[n]` to whole numbers of 14 bits, -8031 to 8031."""
    code = ~sent.astype(np.int64) & 0xFF
    size = ((2 * (code & 0xF) + _MU_BIAS) << (code >> 4 & 7)) - _MU_BIAS
    return np.where(code & 0x80, -size, size)


def a_law_encode(linear: Integers) -> Bytes:
    """Whole numbers of 13 bits `[n]` (-4096 to 4095) to bytes as they are sent: even bits inverted."""
    size = np.minimum(np.where(linear < 0, -linear - 1, linear), _A_LARGEST)
    segment = np.maximum(np.frexp(size)[1] - 5, 0)  # 0 to 31 is segment 0
    step = (size >> np.maximum(segment, 1)) & 0xF
    sign = np.where(linear < 0, 0, 0x80)
    return np.asarray((sign | segment << 4 | step) ^ _EVEN_BITS, np.uint8)


def a_law_decode(sent: Bytes) -> Integers:
    """Bytes `[n]` to whole numbers of 13 bits, -4032 to 4032."""
    code = sent.astype(np.int64) ^ _EVEN_BITS
    segment, step = code >> 4 & 7, code & 0xF
    size = np.where(segment == 0, 2 * step + 1, (2 * step + 33) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, size, -size)


def mu_law(samples: Floats) -> Floats:
    """Samples in [-1, 1] at any rate to mu-law and back."""
    linear = np.rint(samples * 8159.0).astype(np.int64)
    return np.asarray(mu_law_decode(mu_law_encode(linear)) / 8159.0, np.float32)


def a_law(samples: Floats) -> Floats:
    """Samples in [-1, 1] at any rate to A-law and back."""
    linear = np.floor(samples * 4096.0).astype(np.int64)
    return np.asarray(a_law_decode(a_law_encode(linear)) / 4096.0, np.float32)


def g711_mu(samples: Floats) -> Floats:
    """At 8 kHz by mu-law (America, Japan), 64 kbit/s."""
    return coded(samples, TELEPHONE_RATE, lambda narrow: (mu_law(narrow), TELEPHONE_RATE))


def g711_a(samples: Floats) -> Floats:
    """At 8 kHz by A-law (elsewhere), 64 kbit/s."""
    return coded(samples, TELEPHONE_RATE, lambda narrow: (a_law(narrow), TELEPHONE_RATE))
