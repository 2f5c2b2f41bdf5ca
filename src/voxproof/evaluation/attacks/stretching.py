"""Longer or shorter at the same pitch, in two ways.

WSOLA (Verhelst and Roelands, ICASSP 1993) lays pieces of the waveform over each other where they fit best. The phase
vocoder (Flanagan and Golden 1966; Laroche and Dolson 1999) moves magnitudes in time and lets every bin's phase go on
at the frequency that was measured, so that phases of neighbouring bins lose each other.
"""

from collections.abc import Callable

import numpy as np
import soxr

from voxproof.evaluation.attacks.attack import RATE
from voxproof.features.mel import Floats, hann

Stretch = Callable[[Floats, float], Floats]

_PIECE = 800  # samples of a piece of WSOLA, 50 ms
_STEP = _PIECE // 2  # Hann windows half a window apart add up to one
_SEARCH = 200  # samples to either side that a piece may be taken from, a period of 80 Hz
_N_FFT, _HOP = 1024, 256  # of the phase vocoder
_TINY = 1e-9


def wsola(samples: Floats, speed: float) -> Floats:
    """Float32 `(round(n / speed),)` of samples `(n,)`."""
    wanted = round(len(samples) / speed)
    padded = np.pad(np.asarray(samples, np.float32), (_STEP + _SEARCH, 2 * _PIECE + _SEARCH))
    pieces = wanted // _STEP + 2
    made = np.zeros(pieces * _STEP + _PIECE, np.float32)
    window = hann(_PIECE)
    last = len(padded) - _PIECE - _STEP
    begin = _SEARCH
    for piece in range(pieces):
        if piece:
            middle = min(round(piece * _STEP * speed) + _SEARCH, last - _SEARCH)
            following = padded[begin + _STEP : begin + _STEP + _PIECE]  # what would come next by itself
            area = padded[middle - _SEARCH : middle + _SEARCH + _PIECE]
            begin = middle - _SEARCH + _best_match(area, following)
        made[piece * _STEP : piece * _STEP + _PIECE] += padded[begin : begin + _PIECE] * window
    return made[_STEP : _STEP + wanted]


def _best_match(area: Floats, piece: Floats) -> int:
    """Where in `area` the cosine with `piece` is greatest."""
    products = np.correlate(area, piece, mode="valid")
    sums = np.concatenate([[0.0], np.cumsum(np.square(area, dtype=np.float64))])
    energies = sums[len(piece) :] - sums[: -len(piece)]
    return int(np.argmax(products / np.sqrt(np.maximum(energies, _TINY))))


def phase_vocoder(samples: Floats, speed: float) -> Floats:
    """Float32 `(round(n / speed),)` of samples `(n,)`."""
    wanted = round(len(samples) / speed)
    window = hann(_N_FFT)
    padded = np.pad(np.asarray(samples, np.float32), (_N_FFT // 2, _N_FFT + _HOP))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _N_FFT)[::_HOP]
    spectra = np.fft.rfft(frames * window, axis=1)
    times = np.arange(0, len(spectra) - 1.001, speed)
    first, part = times.astype(int), (times % 1)[:, None]
    magnitudes = (1 - part) * np.abs(spectra[first]) + part * np.abs(spectra[first + 1])
    # How far each bin turns in a hop, by which its phase goes on, however far apart the frames were taken.
    turns = np.angle(spectra[first + 1] * spectra[first].conj())
    phases = np.angle(spectra[0]) + np.cumsum(np.vstack([np.zeros_like(turns[:1]), turns[:-1]]), axis=0)
    pieces = np.fft.irfft(magnitudes * np.exp(1j * phases), _N_FFT, axis=1) * window
    made, weight = np.zeros((len(times) - 1) * _HOP + _N_FFT), np.zeros((len(times) - 1) * _HOP + _N_FFT)
    for place, piece in enumerate(pieces):
        made[place * _HOP : place * _HOP + _N_FFT] += piece
        weight[place * _HOP : place * _HOP + _N_FFT] += window**2
    made /= np.maximum(weight, 0.1)
    told = made[_N_FFT // 2 : _N_FFT // 2 + wanted]
    return np.pad(told, (0, wanted - len(told))).astype(np.float32)


def shifted(samples: Floats, semitones: float, stretch: Stretch) -> Floats:
    """Pitch and formants moved by `semitones`, as long as before: stretched, then played faster or slower."""
    factor = 2 ** (semitones / 12)
    longer = stretch(samples, 1 / factor)
    moved = soxr.resample(longer, RATE * factor, RATE, quality="HQ")[: len(samples)]
    return np.pad(moved, (0, len(samples) - len(moved))).astype(np.float32)
