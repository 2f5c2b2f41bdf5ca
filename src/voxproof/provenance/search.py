"""Finding the mark: one statistic over all payloads, shifts and speeds, and a bound on false alarms that always holds.

The sound becomes a table of whitened cells `u` that knows nothing of the key; a pattern is a table of signs `s`, drawn
by the key. The statistic of a pattern is z = sum(s * u) / sqrt(sum(u * u)). In sound without a mark the signs know
nothing of the cells, so that, whatever the sound is, P(z >= t) <= exp(-t * t / 2) over the keys (Hoeffding 1963). With
H patterns tried, t = sqrt(2 ln(H / FALSE_ALARMS)) bounds the false alarms of a file by `FALSE_ALARMS`.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from voxproof.provenance.grid import (
    BAND,
    BANDS,
    FIRST_BIN,
    PERIOD,
    RATE,
    SLOT,
    SLOTS,
    Floats,
    keying,
    power_spectra,
)
from voxproof.provenance.payload import BITS, CHIPS, decode

FALSE_ALARMS = 1e-4  # a file, at most; the bound is loose: see benchmarks/RESULTS.md for what is measured
SEGMENT = 10.0  # s: longer sound is read in equal pieces of about this length, any of which may carry the mark
MAX_DRIFT = 0.025  # the speeds tried: up to 2.5 % slower and faster
DRIFT = 0.032  # s: speeds are tried so densely that the pattern drifts at most a quarter of this from the middle on
BAND_DRIFT = 0.005  # the edges of the bands follow the speed in steps of 0.5 %
SURE = 1.0  # standard deviations by which the payload must beat its runner-up

# Whitening, separable: a cell against its neighbours. Least-squares weights for telling raised from lowered cells in
# marked speech after noise, MP3 and Opus (training clips), rounded; both sum to zero, so that level plays no part.
_TIME = np.array([-4, -4, -5, -23, -15, 42, 70, 42, -15, -23, -5, -4, -4], np.float32)  # hops of 8 ms
_FREQUENCY = np.array([-9, -15, -15, 96, -15, -15, -9], np.float32)  # bands
_TIME -= _TIME.mean()
_FREQUENCY -= _FREQUENCY.mean()
_TIME /= np.abs(_TIME).max()
_FREQUENCY /= np.abs(_FREQUENCY).max()
_CLIP = 4.0  # about 2.5 standard deviations of whitened speech: onsets must not outweigh the rest
_SILENCE = np.float32(1e-4)  # of the power of loud speech: softer cells count less and less


@dataclass(frozen=True)
class Match:
    """The best pattern found: its z-score, payload, margin to the runner-up (in z), speed; and how many were tried."""

    score: float
    payload: int
    margin: float
    speed: float
    tried: int


@lru_cache(maxsize=8)
def _reading_order(key: bytes) -> tuple[NDArray[np.int64], Floats]:
    """For each chip the cells that carry it, `[256, most]`, and their signs, 0 where there are fewer."""
    cells = keying(key)
    chips, signs = cells.chips.reshape(-1), cells.signs.reshape(-1)
    most = -(-len(chips) // CHIPS)
    places = np.zeros((CHIPS, most), np.int64)
    weights = np.zeros((CHIPS, most), np.float32)
    for chip in range(CHIPS):
        carriers = np.flatnonzero(chips == chip)
        places[chip, : len(carriers)] = carriers
        weights[chip, : len(carriers)] = signs[carriers]
    return places, weights


# The table of a shift is the fold read from that hop on: rows `shift + slot * SLOT` of its period.
_ROWS = (np.arange(PERIOD)[:, None] + SLOT * np.arange(SLOTS)[None, :]) % PERIOD


def speeds(duration: float) -> NDArray[np.float64]:
    """The speeds to try on `duration` seconds: the longer, the denser; 1 is always among them."""
    step = DRIFT / max(duration, 1.0)
    most = int(MAX_DRIFT / step)
    return np.asarray(1.0 + step * np.arange(-most, most + 1), np.float64)


def search(samples: Floats, key: bytes, *, as_made: bool = False) -> Match:
    """The best pattern of `key` in samples `[n]` at 16 kHz.

    `as_made` looks at the speed of the sound alone, which is enough for sound that was marked a moment ago; the bound
    is that of a search at all speeds.
    """
    sums = power_sums(power_spectra(samples))
    tries = speeds(len(samples) / RATE)
    count = len(tries)
    if as_made:
        tries = np.ones(1)
    best: Match | None = None
    edges = np.round((tries - 1.0) / BAND_DRIFT) * BAND_DRIFT + 1.0
    for edge in np.unique(edges):  # speeds that lie close share their cells
        cells = whitened_cells(sums, float(edge))
        for speed in tries[edges == edge]:
            match = _best_shift(_fold(cells, float(speed)), key, float(speed), count)
            if best is None or match.score > best.score:
                best = match
    assert best is not None
    return best


def threshold(tried: int) -> float:
    """The z-score from which the best of `tried` patterns is a mark."""
    return sqrt(2 * log(tried / FALSE_ALARMS))


def power_sums(power: Floats) -> NDArray[np.float64]:
    """Power below each edge between bins, `[frames, bins + 1]`; double, as weak bands are differences of large sums."""
    sums = np.zeros((len(power), power.shape[1] + 1))
    np.cumsum(power, axis=1, out=sums[:, 1:])
    return sums


def whitened_cells(sums: NDArray[np.float64], speed: float) -> Floats:
    """Cells `[frames, bands]`, made comparable: log power against the neighbours, clipped, weighted by signal to noise.

    `sums` are those of `power_sums`. `speed` moves the bands: faster sound has its mark at higher frequencies.
    """
    bands = _band_power(sums, speed)
    loud = _quantile(bands.mean(1), 0.95) + np.float32(1e-12)
    logs = np.log(bands + loud * np.float32(1e-6))
    side = len(_FREQUENCY) // 2
    padded = logs[:, np.clip(np.arange(-side, BANDS + side), 0, BANDS - 1)]
    across = sum(weight * padded[:, at : at + BANDS] for at, weight in enumerate(_FREQUENCY))
    side = len(_TIME) // 2
    padded = across[np.clip(np.arange(-side, len(logs) + side), 0, len(logs) - 1)]
    white = sum(weight * padded[at : at + len(logs)] for at, weight in enumerate(_TIME))
    padded = np.zeros((len(bands) + 4, BANDS), np.float32)
    padded[2:-2] = bands
    smooth = np.asarray(sum(padded[at : at + len(bands)] for at in range(5)), np.float32) / np.float32(5)
    # Where a band is hardly above its floor, noise has taken the mark away.
    floor = _quantile(smooth, 0.1)
    heard = np.clip(1 - 1.5 * floor / (smooth + loud * np.float32(1e-9)), 0, 1)
    weights = heard * smooth / (smooth + loud * _SILENCE)
    cells: Floats = np.clip(white, -_CLIP, _CLIP) * weights
    return cells


def _quantile(values: Floats, share: float) -> Floats:
    """The value along the first axis below which a share lies, by partial sorting: NumPy's own is several times slower
    on tables of this size."""
    place = int(share * (len(values) - 1))
    return np.asarray(np.partition(values, place, axis=0)[place], np.float32)


def _band_power(sums: NDArray[np.float64], speed: float) -> Floats:
    """Power `[frames, bands]` between edges that lie between bins, too."""
    edges = (FIRST_BIN + BAND * np.arange(BANDS + 1)) * speed
    low = edges.astype(np.int64)
    part = edges - low
    at_edges = sums[:, low] * (1 - part) + sums[:, low + 1] * part
    bands: Floats = np.maximum(np.diff(at_edges, axis=1), 0).astype(np.float32)
    return bands


def _fold(cells: Floats, speed: float) -> Floats:
    """The sum `[PERIOD, bands]` of all periods, each taken at `speed`."""
    count = int(len(cells) * speed) // PERIOD + 1
    source = np.round(np.arange(count * PERIOD) / speed).astype(np.int64)
    padded = np.vstack([cells, np.zeros((1, BANDS), np.float32)])
    periods = padded[np.minimum(source, len(cells))].reshape(count, PERIOD, BANDS)
    folded: Floats = periods.sum(0)
    return folded


def _best_shift(folded: Floats, key: bytes, speed: float, speeds_tried: int) -> Match:
    """The best payload and shift of one fold."""
    places, signs = _reading_order(key)
    tables = folded[_ROWS].reshape(PERIOD, SLOTS * BANDS)
    norms = np.sqrt(np.einsum("ij,ij->i", tables, tables)) + np.float32(1e-9)
    chips = np.einsum("ijk,jk->ij", tables[:, places], signs)
    payloads, totals, margins = decode(chips)
    scores = totals / norms
    at = int(scores.argmax())
    return Match(
        score=float(scores[at]),
        payload=int(payloads[at]),
        margin=float(margins[at] / norms[at]),
        speed=speed,
        tried=PERIOD * speeds_tried << BITS,
    )
