"""Makes a fake fit its original in all that says nothing about how it was made.

Length, level, the edges and what lies in them, an offset, digital silence, and for what was spoken anew the height to
which the recording reaches: a detector could learn any of these instead of what generators leave behind. The originals
of a set are prepared here too, so that both classes are treated alike. What cannot be taken away is the crest factor:
with another phase the peak lies elsewhere above the same power.
"""

import numpy as np

from voxproof.datasets.fakes.maker import RATE
from voxproof.datasets.fakes.timing import HOP, extent
from voxproof.errors import AudioError
from voxproof.features.mel import MEL, Floats
from voxproof.vocoders.phase import forward, inverse

PEAK = 0.99  # nothing is louder
SOFTEST = 0.7  # factor on an original: with a gain of its own it leaves the steps of 16 bits that it was stored in
_DITHER = 2.0**-15  # of triangular noise on both classes: no digital silence, no offset by rounding
_FADE = 160  # samples, where speech goes over into background
_QUIET_SHARE = 0.15  # of the frames are taken for background
_REACH_DB = 55.0  # below the strongest frequency a recording ends
_REACH_WIDTH = 12  # bins of the low-pass' slope
_THROUGHOUT = 0.5  # of the spoken fakes have background under their speech too
_LEAST = 1e-7


def prepared(samples: Floats, seed: int) -> Floats:
    """An original as the set has it: without an offset, at a level of its own; peaks of at most 0.99."""
    gain = np.random.default_rng([seed, 4]).uniform(SOFTEST, 1.0)
    return _limited(samples * np.float32(gain))


def finished(samples: Floats, seed: int) -> Floats:
    """What is written, of both classes: with a step of dither."""
    noise = np.random.default_rng([seed, 5]).triangular(-1.0, 0.0, 1.0, len(samples))
    return _limited(samples + (_DITHER * noise).astype(np.float32))


def copied(original: Floats, copy: Floats, seed: int) -> Floats:
    """An aligned copy: as long and as loud as its original, with its edges."""
    _check(copy)
    fit = np.zeros(len(original), np.float32)
    count = min(len(copy), len(original))
    fit[:count] = copy[:count] - copy[:count].mean()
    return with_edges(original, levelled(original, fit, seed), background(original, seed))


def spoken(original: Floats, said: Floats, seed: int) -> Floats:
    """Speech that was made anew: it begins where the original's does, in its background, and ends with it."""
    _check(said)
    first, _ = extent(original)
    start, end = extent(said)
    speech = said[max(0, start - first) : end + _FADE].copy()
    at = max(0, first - start)
    speech = speech[: len(original) - at]
    edge = min(_FADE, len(speech) // 2)
    ramp = np.linspace(0.0, 1.0, edge, dtype=np.float32)
    speech[:edge] *= ramp
    speech[len(speech) - edge :] *= ramp[::-1]
    fit = np.zeros(len(original), np.float32)
    fit[at : at + len(speech)] = speech
    fit = levelled(original, below(fit, reach(original)), seed)
    noise = background(original, seed)
    throughout = np.random.default_rng([seed, 1]).random() < _THROUGHOUT
    mask = np.ones(len(fit), np.float32)
    if not throughout:
        mask[at : at + len(speech)] = 0.0
        mask[at : at + edge] = ramp[::-1]
        mask[at + len(speech) - edge : at + len(speech)] = ramp
    return with_edges(original, _limited(fit + noise * mask), noise)


def with_edges(original: Floats, samples: Floats, noise: Floats) -> Floats:
    """Before the original's speech and behind it, every 10 ms are as loud as in the original.

    What is louder is turned down, what is softer is filled with `noise`.
    """
    count = len(original) // HOP
    first, last = extent(original)
    inside = np.zeros(count + 1, bool)
    inside[first // HOP : last // HOP] = True
    wanted, had, filling = (_levels(one, count) for one in (original, samples, noise))
    gain = np.where(inside, 1.0, np.minimum(wanted / had, 1.0))
    lacking = np.sqrt(np.maximum(wanted**2 - (gain * had) ** 2, 0.0))
    share = np.where(inside, 0.0, lacking / filling)
    at = np.arange(len(original))
    middles = (np.arange(count + 1) + 0.5) * HOP
    faded = samples * np.interp(at, middles, gain) + noise * np.interp(at, middles, share)
    return _limited(faded.astype(np.float32))


def levelled(original: Floats, samples: Floats, seed: int) -> Floats:
    """Samples at the level of the original, between the same peak and the same root mean square, at random.

    Their ratio differs from generator to generator, so no gain gives both.
    """
    share = float(np.random.default_rng([seed, 2]).random())
    centred = samples - np.float32(samples.mean())
    peak = float(np.abs(original).max()) / max(float(np.abs(centred).max()), _LEAST)
    power = float(np.sqrt((original**2).mean())) / max(float(np.sqrt((centred**2).mean())), _LEAST)
    return _limited(centred * np.float32(peak**share * power ** (1 - share)))


def background(original: Floats, seed: int) -> Floats:
    """Steady noise as loud and as coloured as the quietest frames of a recording, and as long."""
    power = np.abs(forward(original)) ** 2
    level = power.sum(1)
    quiet = power[level <= np.quantile(level, _QUIET_SHARE)].mean(0) + _LEAST
    count = len(original) // MEL.hop + 2
    white = np.random.default_rng([seed, 3]).standard_normal(count * MEL.hop).astype(np.float32)
    spectrum = forward(white)
    shape = np.sqrt(quiet / (np.abs(spectrum) ** 2).mean())
    return inverse((spectrum * shape).astype(np.complex64))[: len(original)]


def reach(original: Floats) -> float:
    """The height in Hz up to which a recording goes: above it nothing comes within 55 dB of its strongest frequency."""
    level = 10 * np.log10(np.percentile(np.abs(forward(original)) ** 2, 95, axis=0) + 1e-12)
    return float(np.flatnonzero(level > level.max() - _REACH_DB)[-1]) * RATE / MEL.n_fft


def below(samples: Floats, hertz: float) -> Floats:
    """Samples without what is above `hertz`."""
    if hertz > 0.97 * RATE / 2:
        return samples
    spectrum = np.fft.rfft(samples)
    width = _REACH_WIDTH * RATE / MEL.n_fft
    over = np.clip((np.linspace(0, RATE / 2, len(spectrum)) - hertz) / width, 0, 1)
    return np.fft.irfft(spectrum * 0.5 * (1 + np.cos(np.pi * over)), len(samples)).astype(np.float32)


def _levels(samples: Floats, count: int) -> np.ndarray:
    """Root mean square of `count` frames of 10 ms, and of the last one again."""
    frames = samples[: count * HOP].reshape(count, HOP).astype(np.float64)
    level = np.sqrt((frames**2).mean(1)) + _LEAST
    return np.append(level, level[-1:])


def _limited(samples: Floats) -> Floats:
    centred = samples - np.float32(samples.mean())
    peak = float(np.abs(centred).max())
    return centred * np.float32(min(1.0, PEAK / max(peak, _LEAST)))


def _check(samples: Floats) -> None:
    if not np.isfinite(samples).all():
        raise AudioError("the maker gave NaN or infinity")
    if len(samples) < RATE // 10 or float(np.abs(samples).max()) < 1e-4:
        raise AudioError("the maker gave silence")
