"""RawBoost: what recording and transmission do to a waveform, with no data but the speech itself.

Tak, Kamble, Patino, Todisco and Evans, "RawBoost: A Raw Data Boosting and Augmentation Method applied to Automatic
Speaker Verification Anti-Spoofing" (arXiv:2111.04433): its three algorithms with its parameters. The filters have no
delay here, and are applied by FFT.
"""

import numpy as np
from scipy import fft

from voxproof.degradation.kind import RATE, Floats
from voxproof.degradation.level import add_under

NOTCHES = 5  # bands that a filter stops
CENTRES = (20.0, 8000.0)  # Hz
WIDTHS = (100.0, 1000.0)  # Hz
TAPS = (10, 100)  # of each notch; odd ones are used
ORDERS = 5  # N_f: the linear part and powers 2 to 5
GAIN = (0.0, 0.0)  # dB of the linear part
BIAS = (5.0, 20.0)  # dB by which the least and the greatest gain of the higher orders lie lower
IMPULSES = 10.0  # P: per cent of all samples at most
IMPULSE_GAIN = 2.0  # g_sd
SNR = (10.0, 40.0)  # dB of the stationary noise

_GRID = 1024  # points on which a filter's response is known; more than its taps, 5 * 100


def notch_filters(count: int, rng: np.random.Generator) -> Floats:
    """Taps `[count, 1024]` around index 0 (negative times at the end): five random notches each, greatest gain 1.

    A notch is a windowed-sinc band stop (Hamming) with gain 1 at 0 Hz.
    """
    shape = (count, NOTCHES, 1)
    centres, widths = rng.uniform(*CENTRES, shape), rng.uniform(*WIDTHS, shape)
    low = np.maximum(centres - widths / 2, 1e-3) / RATE
    high = np.minimum(centres + widths / 2, RATE / 2 - 1e-3) / RATE
    half = rng.integers(*TAPS, shape) // 2  # an even number of taps becomes the next odd one
    times = np.arange(-(_GRID // 2), _GRID // 2)
    stopped = 2 * high * np.sinc(2 * high * times) - 2 * low * np.sinc(2 * low * times)
    window = np.where(np.abs(times) <= half, 0.54 + 0.46 * np.cos(np.pi * times / np.maximum(half, 1)), 0.0)
    taps = ((times == 0) - stopped) * window
    taps /= taps.sum(-1, keepdims=True)
    # Symmetric around 0, so each response is real; one after another means that they multiply.
    responses = fft.rfft(fft.ifftshift(taps, axes=-1), axis=-1).real.prod(axis=1)
    return np.asarray(fft.irfft(responses / np.abs(responses).max(-1, keepdims=True), _GRID, axis=-1), np.float32)


def convolutive_noise(samples: Floats, rng: np.random.Generator) -> Floats:
    """Linear and non-linear convolutive noise: the speech and its powers 2 to 5, each through a filter of its own."""
    filters = notch_filters(ORDERS, rng)
    least, greatest = GAIN
    gains = [rng.uniform(least, greatest)]
    gains += [rng.uniform(greatest - BIAS[1], least - BIAS[0]) for _ in range(ORDERS - 1)]
    size = fft.next_fast_len(len(samples) + _GRID, real=True)
    around = np.zeros((ORDERS, size), np.float32)
    around[:, : _GRID // 2], around[:, size - _GRID // 2 :] = filters[:, : _GRID // 2], filters[:, _GRID // 2 :]
    responses = fft.rfft(around, axis=-1).real
    total = np.zeros(size // 2 + 1, np.complex64)
    raised = np.ones(len(samples), np.float32)
    for response, decibels in zip(responses, gains, strict=True):
        raised = raised * samples
        total += fft.rfft(raised, size) * (response * np.float32(10 ** (decibels / 20)))
    sound = np.asarray(fft.irfft(total, size)[: len(samples)], np.float32)
    return _within_full_scale(sound - sound.mean() if len(sound) else sound)


def signal_dependent_noise(samples: Floats, rng: np.random.Generator) -> Floats:
    """Impulsive signal-dependent noise: up to one sample in ten changed by up to twice itself."""
    changed = samples.copy()
    hits = int(len(samples) * rng.uniform(0, IMPULSES) / 100)
    places = rng.choice(len(samples), hits, replace=False, shuffle=False) if hits else np.zeros(0, np.int64)
    factors = rng.uniform(-1, 1, hits) * rng.uniform(-1, 1, hits)
    changed[places] *= (1 + IMPULSE_GAIN * factors).astype(np.float32)
    return _within_full_scale(changed)


def stationary_noise(samples: Floats, rng: np.random.Generator) -> Floats:
    """Stationary signal-independent noise: white noise through five notches, 10 to 40 dB under the speech."""
    taps = notch_filters(1, rng)[0]
    size = fft.next_fast_len(len(samples) + _GRID, real=True)
    around = np.zeros(size, np.float32)
    around[: _GRID // 2], around[size - _GRID // 2 :] = taps[: _GRID // 2], taps[_GRID // 2 :]
    white = rng.standard_normal(len(samples), np.float32)
    filtered = np.asarray(fft.irfft(fft.rfft(white, size) * fft.rfft(around).real, size)[: len(samples)], np.float32)
    return add_under(samples, filtered, rng.uniform(*SNR))


def _within_full_scale(samples: Floats) -> Floats:
    peak = float(np.abs(samples).max(initial=0.0))
    return samples / np.float32(peak) if peak > 1 else samples
