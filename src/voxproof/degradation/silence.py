"""What stands where nobody speaks: edges trimmed or padded, pauses added or gated, as editors and scripts do.

Where speech is, is told by energy alone: cheap, and no network's opinion gets into the data.
"""

import numpy as np
from scipy import fft

from voxproof.degradation.kind import RATE, Floats, fit

_BLOCK = RATE // 100  # samples over which energy is taken: 10 ms
_QUIET = 35.0  # dB below the loudest block: silence in a common recording
_TONE = 0.1  # seconds of the quietest sound from which room tone is made


def block_levels(samples: Floats) -> Floats:
    """Level of each whole 10 ms in dB, `[n // 160]`."""
    blocks = samples[: len(samples) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    return np.asarray(10 * np.log10(np.einsum("ij,ij->i", blocks, blocks) / _BLOCK + 1e-12), np.float32)


def spoken_span(samples: Floats, quiet: float = _QUIET) -> tuple[int, int]:
    """First and last sample (exclusive) of what is at most `quiet` dB below the loudest 10 ms."""
    levels = block_levels(samples)
    if not len(levels):
        return 0, len(samples)
    loud = np.flatnonzero(levels > levels.max() - quiet)
    if not len(loud):
        return 0, len(samples)
    end = len(samples) if loud[-1] == len(levels) - 1 else int(loud[-1] + 1) * _BLOCK
    return int(loud[0]) * _BLOCK, end


def room_tone(samples: Floats, length: int, rng: np.random.Generator) -> Floats:
    """Noise `[length]` with the spectrum and level of the quietest tenth of a second: what a room sounds like empty."""
    wide = min(int(_TONE * RATE), len(samples))
    steps = max(1, (len(samples) - wide) // _BLOCK)
    energy = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=np.float64))])
    starts = np.arange(steps) * _BLOCK
    quietest = int(starts[np.argmin(energy[starts + wide] - energy[starts])])
    # White noise through the quietest stretch as a filter has that stretch's spectrum, at any length.
    size = fft.next_fast_len(length + wide, real=True)
    taps = samples[quietest : quietest + wide] * np.hanning(wide).astype(np.float32)
    taps = taps / np.float32(np.sqrt(0.375 * max(wide, 1)))  # the mean square of the window is 3/8
    white = rng.standard_normal(length + wide, np.float32)
    tone = fft.irfft(fft.rfft(white, size) * fft.rfft(taps, size), size)
    return np.asarray(tone[wide : wide + length], np.float32)


def _filler(samples: Floats, length: int, rng: np.random.Generator) -> Floats:
    """Digital silence, faint noise, or the room's own tone."""
    kind = rng.integers(3)
    if kind == 0:
        return np.zeros(length, np.float32)
    if kind == 1:
        return rng.standard_normal(length, np.float32) * np.float32(10 ** rng.uniform(-4.5, -2.5))
    return room_tone(samples, length, rng)


def trimming(samples: Floats, rng: np.random.Generator) -> Floats:
    """The edges cut off where speech begins and ends, by a random threshold; the gap is filled from the start."""
    start, end = spoken_span(samples, rng.uniform(20, 45))
    margin = int(rng.uniform(0, 0.05) * RATE)
    start, end = max(0, start - margin), min(len(samples), end + margin)
    return fit(samples[start:end], len(samples)) if end > start else samples.copy()


def padding(samples: Floats, rng: np.random.Generator) -> Floats:
    """Up to 0.4 s (and a quarter) of silence, faint noise or room tone before or behind; what no longer fits is cut."""
    length = int(min(rng.uniform(0.02, 0.4) * RATE, 0.25 * len(samples)))
    filler = _filler(samples, length, rng)
    if rng.random() < 0.5:
        return np.concatenate([filler, samples[: len(samples) - length]])
    return np.concatenate([samples[: len(samples) - length], filler])


def pauses(samples: Floats, rng: np.random.Generator) -> Floats:
    """A pause of 0.05 to 0.4 s put in at a quiet moment, or all quiet moments gated to digital silence."""
    levels = block_levels(samples)
    if not len(levels):
        return samples.copy()
    if rng.random() < 0.5:
        # A gate that opens 20 ms early and closes 20 ms late; flat gains, since that is what cheap gates have.
        open_blocks = np.convolve(levels > levels.max() - rng.uniform(20, 40), np.ones(5))[2:-2] > 0
        gains = np.repeat(open_blocks.astype(np.float32), _BLOCK)
        changed = samples.copy()
        changed[: len(gains)] *= gains
        return changed
    length = int(min(rng.uniform(0.05, 0.4) * RATE, 0.25 * len(samples)))
    quietest = np.argsort(levels)[: max(1, len(levels) // 10)]
    at = int(rng.choice(quietest)) * _BLOCK
    longer = np.concatenate([samples[:at], _filler(samples, length, rng), samples[at:]])
    return longer[: len(samples)]
