"""Phase within bins and across bands, as averages of unit vectors: 1 where it is steady, 0 where it is random."""

import numpy as np

from voxproof.features.traces.planes import WHOLE, Complexes, Doubles, triangles
from voxproof.features.traces.pooling import correlations, pairs

_TINY = 1e-9


def _advance(spectra: Complexes) -> Complexes:
    """Unit vectors of the phase from frame to frame, less that of a steady tone in the bin's middle."""
    step = spectra[1:] * spectra[:-1].conj()
    steady = np.exp(-2j * np.pi * WHOLE.hop * np.arange(spectra.shape[1]) / WHOLE.n_fft)
    turned: Complexes = (step * steady / (np.abs(step) + _TINY)).astype(np.complex64)
    return turned


def phase_of_bins(spectra: Complexes) -> Doubles:
    """Of each bin: how steady the group delay is, how far it spreads, and the advance and its double.

    `(frames, bins) -> (4 * bins - 2,)`.
    """
    along = spectra[:, 1:] * spectra[:, :-1].conj()
    along = -along / (np.abs(along) + _TINY)
    advance = _advance(spectra)
    parts = [np.abs(along.mean(0)), along.real.std(0), np.abs(advance.mean(0)), (advance**2).real.mean(0)]
    return np.concatenate(parts).astype(np.float64)


def phase_of_bands(spectra: Complexes) -> Doubles:
    """How well the bins of a band advance as one, and which bands do so at the same time: `(324,)` of 24 bands."""
    bands = triangles(spectra.shape[1], WHOLE.bands)
    agreement = np.abs(_advance(spectra) @ bands / bands.sum(0)).astype(np.float64)
    return np.concatenate([pairs(correlations(agreement)), agreement.mean(0), agreement.std(0)])
