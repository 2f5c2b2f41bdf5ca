"""All traces of a stretch of speech in one vector, and how much each kind of them counts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from voxproof.features.mel import Floats
from voxproof.features.texture import MEASURES, statistics, texture_maps
from voxproof.features.traces.cepstra import FINE, cepstral, movement
from voxproof.features.traces.phases import phase_of_bands, phase_of_bins
from voxproof.features.traces.planes import QUICK, RATE, WHOLE, Complexes, Doubles, band_levels, transform
from voxproof.features.traces.residual import MEASURES as RESIDUAL
from voxproof.features.traces.residual import residual
from voxproof.features.traces.togetherness import following, together

SHORTEST = RATE // 2  # samples; less is repeated up to it


@dataclass(frozen=True)
class _Heard:
    """What the blocks are read from."""

    samples: Floats
    texture: Floats
    whole: Complexes
    levels: Doubles


@dataclass(frozen=True)
class Block:
    """One kind of traces: its name, its number of values and its share in the distance between two vectors."""

    name: str
    values: int
    weight: float
    measure: Callable[[_Heard], Doubles | Floats]


_BANDS = WHOLE.bands
# Weights by hand, in steps of 0.05, on pages of training held out by repository. No search over them was made.
BLOCKS = (
    Block("texture of speech", 2 * MEASURES, 0.40, lambda h: statistics(h.texture, h.texture[:, MEASURES])),
    Block("texture of pauses", 2 * MEASURES, 0.20, lambda h: statistics(h.texture, 1 - h.texture[:, MEASURES])),
    Block("cepstra", 240, 0.15, lambda h: cepstral(h.samples)),
    Block("movement of cepstra", 3 * FINE, 0.10, lambda h: movement(h.whole)),
    Block("bands together", _BANDS * (_BANDS - 1) // 2, 0.15, lambda h: together(h.levels)),
    Block(
        "bands following", QUICK.bands**2, 0.10, lambda h: following(band_levels(transform(h.samples, QUICK), QUICK))
    ),
    Block("phase of bins", 4 * WHOLE.bins - 2, 0.10, lambda h: phase_of_bins(h.whole)),
    Block("phase of bands", _BANDS * (_BANDS - 1) // 2 + 2 * _BANDS, 0.10, lambda h: phase_of_bands(h.whole)),
    Block("residual", 6 * RESIDUAL, 0.10, lambda h: residual(h.samples)),
)
VALUES = sum(block.values for block in BLOCKS)


def traces(samples: Floats) -> Floats:
    """Float32 `(5798,)` of samples at 16 kHz; the level of the whole does not matter. Every value is finite.

    Sound under half a second is repeated. The order is that of `BLOCKS`.
    """
    samples = np.asarray(samples, np.float32)
    if len(samples) < SHORTEST:
        samples = np.resize(samples, SHORTEST) if len(samples) else np.zeros(SHORTEST, np.float32)
    samples = samples / (np.float32(np.abs(samples).max()) + np.float32(1e-9))
    whole = transform(samples, WHOLE)
    heard = _Heard(samples, texture_maps(samples), whole, band_levels(whole, WHOLE))
    vector = np.concatenate([np.asarray(block.measure(heard), np.float64) for block in BLOCKS])
    return np.asarray(np.nan_to_num(vector), np.float32)


def block_scales() -> Floats:
    """`(values,)`: standardised traces times this have a squared distance in which each block has its weight.

    A distance of 2 is that of two clips that have nothing in common but what all speech has.
    """
    total = sum(block.weight for block in BLOCKS)
    return np.concatenate(
        [np.full(block.values, np.sqrt(block.weight / total / block.values), np.float32) for block in BLOCKS]
    )
