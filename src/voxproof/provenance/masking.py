"""How far a magnitude may move before an ear notices: simultaneous masking by the neighbours on the Bark scale."""

import numpy as np
from numpy.typing import NDArray

from voxproof.provenance.grid import BINS, RATE, WINDOW, Floats

BELOW_MASKER = 25.0  # dB a Bark: how fast masking falls towards lower frequencies
ABOVE_MASKER = 12.0  # dB a Bark: and towards higher ones, at speech levels
OFFSET = 6.0  # dB below the spread power: where noise beside speech becomes audible
LEAST = 1 / 3  # of the asked strength: in peaks, which nothing masks but themselves
MOST = 5 / 3  # of the asked strength: in valleys, where codecs and noise would take more than that anyway


def _bark(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Critical-band rate of Traunmueller (1990)."""
    return 26.81 * hertz / (1960 + hertz) - 0.53


def _spreading() -> Floats:
    """Weights `[masker bin, masked bin]` that spread power over neighbours; those of one masked bin sum to 1."""
    place = _bark(np.arange(BINS) * RATE / WINDOW)
    above = place[None, :] - place[:, None]  # Bark from masker up to masked
    decibels = np.where(above >= 0, ABOVE_MASKER * above, -BELOW_MASKER * above)
    weights = 10 ** (-decibels / 10)
    spread: Floats = (weights / weights.sum(0)).astype(np.float32)
    return spread


_SPREADING = _spreading()


def allowed_change(power: Floats, strength: float) -> Floats:
    """Decibels `[frames, bins]` by which each magnitude may be raised or lowered.

    The change of a bin stays `OFFSET` below the power that its neighbours spread onto it, within `LEAST` and `MOST`
    times `strength` (dB): about `strength` on average over the bins of speech.
    """
    threshold = (power @ _SPREADING) * np.float32(10 ** (-OFFSET / 10))
    ratio = np.sqrt(threshold / np.maximum(power, np.float32(1e-20)))
    change = 20 * np.log10(1 + strength / 3 * ratio)
    allowed: Floats = np.clip(change, LEAST * strength, MOST * strength).astype(np.float32)
    return allowed
