"""The time-frequency grid on which the mark lies: transforms at 16 kHz and the keyed signs of the cells.

A cell is 24 ms long and 94 Hz wide. 42 slots of 35 cells (1.008 s, 312 to 3594 Hz) are one period, which repeats from
the first sample to the last: any two seconds hold the whole pattern, wherever a cut begins.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import shake_256

import numpy as np
from numpy.typing import NDArray

from voxproof.provenance.payload import CHIPS

RATE = 16_000  # Hz, at which the mark is made and read
WINDOW = 512  # samples: 32 ms
HOP = 128  # samples: 8 ms
SLOT = 3  # hops: 24 ms, the length of a cell
SLOTS = 42  # a period
PERIOD = SLOT * SLOTS  # hops: 1.008 s
BINS = WINDOW // 2 + 1
FIRST_BIN = 10  # 312.5 Hz: above the hum and the fundamental of most voices
BAND = 3  # bins: 93.75 Hz, the width of a cell
BANDS = 35  # up to 3594 Hz, below the 4 kHz of telephone speech

Floats = NDArray[np.float32]

_OVERLAP = WINDOW // HOP  # frames that share a sample
_BLOCK = 2048  # frames: 16 s
_HANN: Floats = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)
_ROOT_HANN: Floats = np.sqrt(_HANN)  # for analysis and synthesis alike


def power_spectra(samples: Floats) -> Floats:
    """Power of Hann-windowed frames, `[frames, bins]`; frame `t` is centred at sample `(t - 1) * HOP`."""
    spectra = np.fft.rfft(_frames(samples) * _HANN, axis=1)
    power: Floats = (spectra.real**2 + spectra.imag**2).astype(np.float32)
    return power


def change_magnitudes(samples: Floats, factors: Callable[[int, Floats], Floats]) -> Floats:
    """Multiply the short-time spectra of `samples` `[n]` and go back to `n` samples, by overlap and addition.

    `factors(first, power)` answers with the multipliers `[frames, bins]` of the frames from number `first` on, whose
    power it is given. Long sound goes through in blocks, so memory grows with the samples alone.
    """
    frames = _frames(samples)
    summed = np.zeros(HOP * (len(frames) - 1) + WINDOW, np.float32)
    for start in range(0, len(frames), _BLOCK):
        spectra = np.fft.rfft(frames[start : start + _BLOCK] * _ROOT_HANN, axis=1)
        power = (spectra.real**2 + spectra.imag**2).astype(np.float32)
        changed = np.fft.irfft(spectra * factors(start, power), WINDOW, axis=1).astype(np.float32) * _ROOT_HANN
        for first in range(_OVERLAP):
            laid = changed[first::_OVERLAP].reshape(-1)
            at = (start + first) * HOP
            summed[at : at + len(laid)] += laid
    # Root-Hann twice, at a quarter of the window, sums to half the overlap.
    return summed[WINDOW - HOP : WINDOW - HOP + len(samples)] / np.float32(_OVERLAP / 2)


def _frames(samples: Floats) -> Floats:
    """A view `[frames, WINDOW]` of the padded samples, in which every sample lies in `_OVERLAP` frames."""
    count = -(-len(samples) // HOP) + _OVERLAP - 1
    padded = np.zeros(HOP * (count - 1) + WINDOW, np.float32)
    padded[WINDOW - HOP : WINDOW - HOP + len(samples)] = samples
    view: Floats = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    return view


@dataclass(frozen=True)
class Keying:
    """What a key makes of the cells of a period: `signs` `[SLOTS, BANDS]` and the chip each cell carries, alike."""

    signs: Floats
    chips: NDArray[np.int64]

    def pattern(self, codeword: Floats) -> Floats:
        """The signs `[SLOTS, BANDS]` of a marked period, for chips `[256]`."""
        marked: Floats = self.signs * codeword[self.chips]
        return marked


@lru_cache(maxsize=8)
def keying(key: bytes) -> Keying:
    """The cells of a key. SHAKE-256 draws them, so that they are the same on every machine and NumPy for ever."""
    cells = SLOTS * BANDS
    stream = np.frombuffer(shake_256(b"voxproof spread spectrum 1\0" + key).digest(9 * cells), np.uint8)
    signs = 1.0 - 2.0 * (stream[:cells] & 1)
    order = np.argsort(stream[cells:].view(">u8"), kind="stable")
    chips = np.empty(cells, np.int64)
    chips[order] = np.arange(cells) % CHIPS
    return Keying(signs.reshape(SLOTS, BANDS).astype(np.float32), chips.reshape(SLOTS, BANDS))
