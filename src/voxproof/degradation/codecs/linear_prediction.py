"""A codec like AMR-WB, since no free encoder of that is at hand: NOT AMR-WB, but what all of its family does.

At 12.8 kHz: linear prediction of order 16 every 20 ms, its line spectral frequencies rounded and interpolated, and an
excitation of a few pulses in every 5 ms, found by analysis through synthesis. Unlike AMR-WB (3GPP TS 26.190) there is
no codebook of the pitch, rates are not met to the bit, and nothing is made up above 6.4 kHz. Line spectral frequencies:
Itakura 1975; pulses: Atal and Remde, "A new model of LPC excitation" (ICASSP 1982).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from voxproof.degradation.codecs.coding import coded
from voxproof.degradation.kind import Floats

Wide = NDArray[np.float64]

LP_RATE = 12_800  # Hz, as in AMR-WB
ORDER = 16
PULSES = {6600: 3, 8850: 4, 12_650: 6, 15_850: 8, 19_850: 10, 23_850: 12}  # bit/s of AMR-WB: pulses in 5 ms
_SUBFRAME = 64  # samples: 5 ms
_SUBFRAMES = 4  # of a frame
_WINDOW = 384  # samples: 30 ms
_STEP = 40.0  # Hz, to which line spectral frequencies are rounded
_LAG = 60.0  # Hz, by which formants are widened
_FLOOR = 1e-4  # of the energy, added as white noise: -40 dB
_GAIN_STEP = 1.5  # dB, to which the size of a pulse is rounded
_WEIGHTING = 0.92  # gamma 1 of AMR-WB


def predictors(samples: Wide) -> Wide:
    """Prediction filters `[frames, 17]` (1, a1, ..., a16) of the 30 ms around the middle of each 20 ms."""
    frame = _SUBFRAME * _SUBFRAMES
    frames = -(-len(samples) // frame)
    side = (_WINDOW - frame) // 2
    padded = np.pad(samples, (side, frames * frame - len(samples) + side))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::frame] * np.hanning(_WINDOW)
    power = np.abs(fft.rfft(windows, 2 * _WINDOW)) ** 2
    correlation = fft.irfft(power)[:, : ORDER + 1]
    correlation *= np.exp(-0.5 * (2 * np.pi * _LAG / LP_RATE * np.arange(ORDER + 1)) ** 2)
    correlation[:, 0] = correlation[:, 0] * (1 + _FLOOR) + 1e-9
    return _levinson(correlation)


def _levinson(correlation: Wide) -> Wide:
    """The Levinson-Durbin recursion on rows of autocorrelations `[frames, order + 1]`."""
    filters = np.zeros_like(correlation)
    filters[:, 0] = 1
    error = correlation[:, 0].copy()
    for order in range(1, correlation.shape[1]):
        reflection = -(filters[:, :order] * correlation[:, order:0:-1]).sum(1) / error
        before = filters[:, : order + 1].copy()
        filters[:, : order + 1] += reflection[:, None] * before[:, ::-1]
        error *= 1 - reflection**2
    return filters


def line_spectral_frequencies(filters: Wide) -> Wide:
    """Prediction filters `[frames, 17]` to angles in (0, pi) `[frames, 16]`, ascending."""
    padded = np.pad(filters, ((0, 0), (0, 1)))
    symmetric, antisymmetric = padded + padded[:, ::-1], padded - padded[:, ::-1]
    # Each has one root on the real axis, at -1 and +1; the others lie on the unit circle.
    symmetric = _divided(symmetric, 1.0)
    antisymmetric = _divided(antisymmetric, -1.0)
    angles = np.concatenate([_angles(symmetric), _angles(antisymmetric)], axis=1)
    return np.sort(angles, axis=1)


def _divided(polynomials: Wide, root: float) -> Wide:
    """By (1 + root z^-1)."""
    quotient = np.zeros_like(polynomials[:, :-1])
    quotient[:, 0] = polynomials[:, 0]
    for k in range(1, quotient.shape[1]):
        quotient[:, k] = polynomials[:, k] - root * quotient[:, k - 1]
    return quotient


def _angles(symmetric: Wide) -> Wide:
    """The angles of the roots of symmetric polynomials of even degree: roots in the cosine, of half the degree."""
    half = symmetric.shape[1] // 2
    # c0 + 2 (c1 T1(x) + c2 T2(x) + ...) in Chebyshev polynomials of x = cos(angle); its colleague matrix has the roots.
    series = np.concatenate([symmetric[:, half : half + 1], 2 * symmetric[:, half + 1 :]], axis=1)
    matrices = np.zeros((len(series), half, half))
    steps = np.arange(half - 1)
    matrices[:, steps, steps + 1] = 0.5
    matrices[:, steps + 1, steps] = 0.5
    matrices[:, 0, 1] = 1.0
    matrices[:, -1, :] -= 0.5 * series[:, :-1] / series[:, -1:]
    return np.arccos(np.clip(np.linalg.eigvals(matrices).real, -1.0, 1.0))


def from_line_spectral_frequencies(angles: Wide) -> Wide:
    """Ascending angles `[frames, 16]` to prediction filters `[frames, 17]`, which are stable."""
    sums = []
    for first, root in ((0, 1.0), (1, -1.0)):
        polynomial = np.ones((len(angles), 1))
        for cosine in np.cos(angles[:, first::2]).T:
            wider = np.pad(polynomial, ((0, 0), (0, 2)))
            wider[:, 1:-1] -= 2 * cosine[:, None] * polynomial
            wider[:, 2:] += polynomial
            polynomial = wider
        wider = np.pad(polynomial, ((0, 0), (0, 1)))
        wider[:, 1:] += root * polynomial
        sums.append(wider)
    return 0.5 * (sums[0] + sums[1])[:, :-1]


def analysis_synthesis(samples: Floats, pulses: int | None, step: float = _STEP) -> Floats:
    """Samples `[n]` at 12.8 kHz through the codec; without `pulses` the excitation is kept whole, and so is the sound.

    `step` is that of the line spectral frequencies in Hz.
    """
    given = samples.astype(np.float64)
    angles = line_spectral_frequencies(predictors(given))
    rounded = np.round(angles / (2 * np.pi) * LP_RATE / step) * step * (2 * np.pi / LP_RATE)
    least = 2 * np.pi * 25.0 / LP_RATE  # between neighbours, lest two meet
    spread = np.arange(1, ORDER + 1) * least
    rounded = np.maximum.accumulate(np.maximum(rounded, spread[0]) - spread, axis=1) + spread
    rounded = np.minimum(rounded, np.pi - spread[::-1])
    before = np.concatenate([rounded[:1], rounded[:-1]])
    parts = (np.arange(_SUBFRAMES) + 1) / _SUBFRAMES
    between = before[:, None] + parts[None, :, None] * (rounded - before)[:, None]
    filters = from_line_spectral_frequencies(between.reshape(-1, ORDER))
    padded = np.pad(given, (ORDER, len(filters) * _SUBFRAME - len(given)))
    history = np.lib.stride_tricks.sliding_window_view(padded, _SUBFRAME + ORDER)[::_SUBFRAME]
    taps = np.lib.stride_tricks.sliding_window_view(history, ORDER + 1, axis=1)
    residual = np.einsum("snk,sk->sn", taps, filters[:, ::-1])
    excitation = residual if pulses is None else _pulses(residual, filters, pulses)
    return np.asarray(_synthesis(filters, excitation).reshape(-1)[: len(samples)], np.float32)


def _synthesis(filters: Wide, excitation: Wide) -> Wide:
    """Excitations `[n, 64]` through all-pole filters `[n, 17]`, each with what was just said as its memory."""
    weights = np.lib.stride_tricks.sliding_window_view(np.pad(filters[:, 1:], ((0, 0), (0, ORDER - 1))), ORDER, axis=1)
    out = np.empty_like(excitation)
    said = np.zeros(ORDER)  # latest first
    for number, (coefficients, driven) in enumerate(zip(filters, excitation, strict=True)):
        out[number], _ = signal.lfilter([1.0], coefficients, driven, zi=-(weights[number] @ said))
        said = out[number, : -ORDER - 1 : -1]
    return out


def _pulses(residual: Wide, filters: Wide, count: int) -> Wide:
    """Excitations `[n, 64]` of `count` pulses each, found one by one, that leave the least weighted error behind them.

    The error of the sound, weighted so that there may be more of it in formants, is the error of the excitation through
    1 / A(z / 0.92); what it was before goes on ringing and is answered by the next pulses.
    """
    soft = filters * _WEIGHTING ** np.arange(ORDER + 1)
    memory = np.lib.stride_tricks.sliding_window_view(np.pad(soft[:, 1:], ((0, 0), (0, ORDER - 1))), ORDER, axis=1)
    impulses = np.pad(_responses(soft), ((0, 0), (_SUBFRAME - 1, 0)))
    step = _GAIN_STEP / 20 * np.log(10)
    out = np.zeros_like(residual)
    error = np.zeros(ORDER)  # latest first
    for n in range(len(residual)):
        # Row k: the response to a pulse at sample k.
        ringing = np.lib.stride_tricks.sliding_window_view(impulses[n], _SUBFRAME)[::-1]
        alike = ringing @ ringing.T
        energies = np.diag(alike)
        target, _ = signal.lfilter([1.0], soft[n], residual[n], zi=-(memory[n] @ error))
        matched = ringing @ target
        for _ in range(count):
            place = int(np.argmax(matched**2 / energies))
            size = matched[place] / energies[place]
            size = np.sign(size) * np.exp(np.round(np.log(np.abs(size) + 1e-9) / step) * step)
            out[n, place] += size
            matched = matched - size * alike[place]
        error = (target - out[n] @ ringing)[: -ORDER - 1 : -1]
    return out


def _responses(filters: Wide) -> Wide:
    """The first 64 samples of the impulse responses of all-pole filters `[n, 17]`."""
    out = np.zeros((len(filters), ORDER + _SUBFRAME))
    out[:, ORDER] = 1.0
    for k in range(ORDER + 1, ORDER + _SUBFRAME):
        out[:, k] = -(out[:, k - ORDER : k] * filters[:, :0:-1]).sum(1)
    return out[:, ORDER:]


def amr_wb_like(samples: Floats, bit_rate: int) -> Floats:
    """As coarse as AMR-WB at about `bit_rate` bit/s, one of `PULSES`; see the top of this file for what it is not."""
    return coded(samples, LP_RATE, lambda sent: (analysis_synthesis(sent, PULSES[bit_rate]), LP_RATE))
