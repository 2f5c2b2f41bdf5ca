"""Bands that are too narrow: low sampling rates on the way, filters of devices, the telephone."""

from functools import lru_cache

import numpy as np
import soxr
from scipy import signal

from voxproof.degradation.kind import RATE, Floats, Numbers, fit

TELEPHONE = (300.0, 3400.0)  # Hz, the band of ITU-T G.712
_RATES = (8000, 11_025, 12_000)  # Hz
_TRANSITION = 100.0  # Hz, width of the telephone band's edges


def through_rate(samples: Floats, rate: float, quality: str = "HQ") -> Floats:
    """Resampled to `rate` Hz and back by soxr; quality `QQ` (cubic interpolation, which aliases) to `VHQ`."""
    narrow = soxr.resample(samples, RATE, rate, quality=quality)
    return fit(soxr.resample(narrow, rate, RATE, quality=quality), len(samples))


def bandwidth(samples: Floats, rng: np.random.Generator) -> Floats:
    """Resampled to 7 to 15.5 kHz and back by filters from bad to good: what lay above is gone, or folded."""
    rate = float(rng.choice([*_RATES, rng.uniform(7000, 15_500)]))
    return through_rate(samples, rate, str(rng.choice(["QQ", "LQ", "MQ", "HQ", "VHQ"])))


def telephone_band(samples: Floats) -> Floats:
    """What lies between 300 and 3400 Hz, without delay."""
    return np.asarray(signal.oaconvolve(samples, _telephone_taps(), mode="same"), np.float32)


def band_limit(samples: Floats, rng: np.random.Generator) -> Floats:
    """A low-pass at 2.5 to 7.5 kHz, a high-pass at 50 to 400 Hz, both, or the telephone's band; several filters."""
    choice = rng.integers(4)
    if choice == 3:
        return telephone_band(samples)
    low, high = rng.uniform(50, 400), rng.uniform(2500, 7500)
    edge, kind = [(high, "lowpass"), (low, "highpass"), ((low, high), "bandpass")][choice]
    order = int(rng.integers(2, 7))
    if rng.random() < 0.5:
        filters = signal.butter(order, edge, kind, fs=RATE, output="sos")
    else:
        filters = signal.cheby1(order, rng.uniform(0.1, 2), edge, kind, fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(filters.astype(np.float32), samples), np.float32)


@lru_cache
def _telephone_taps() -> Numbers:
    taps, shape = signal.kaiserord(50.0, _TRANSITION / (RATE / 2))
    return np.asarray(
        signal.firwin(taps | 1, TELEPHONE, window=("kaiser", shape), pass_zero=False, fs=RATE), np.float32
    )
