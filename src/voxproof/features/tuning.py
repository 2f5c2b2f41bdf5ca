"""How far a sound is tuned from A = 440 Hz, in bins of the octave, as `librosa.estimate_tuning` finds it (0.11).

Peaks of the spectrum are placed by a parabola, the louder half is kept, and the commonest distance from the nearest
bin wins. Of speech that says little, but chroma and tonnetz of the earlier systems were made with it.
"""

import numpy as np
from numpy.typing import NDArray

from voxproof.features.mel import Floats

LOWEST, HIGHEST = 150.0, 4000.0  # Hz: peaks outside are not looked at
_WEAKEST = 0.1  # of the frame's loudest: a peak below is none
_STEPS = 100  # of the histogram over one bin


def octaves(hz: NDArray[np.floating], tuning: float = 0.0, bins: int = 12) -> NDArray[np.float64]:
    """Octaves above A0 (27.5 Hz, moved by `tuning` bins)."""
    return np.asarray(np.log2(np.asarray(hz, np.float64) / (27.5 * 2.0 ** (tuning / bins))))


def estimate_tuning(spectrum: Floats, rate: int, bins: int = 12) -> float:
    """Tuning in bins, -0.5 to 0.49, of a spectrogram `(n_fft // 2 + 1, frames)`; 0 where nothing has a pitch."""
    n_fft = 2 * (len(spectrum) - 1)
    below, here, above = spectrum[:-2], spectrum[1:-1], spectrum[2:]
    slope, curve = (above - below) / 2, above + below - 2 * here
    shift = np.where(np.abs(slope) < np.abs(curve), -slope / np.where(curve == 0, 1, curve), 0)
    hz = np.arange(1, len(spectrum) - 1)[:, None] * (rate / n_fft)
    loud = np.where(spectrum > _WEAKEST * spectrum.max(0, keepdims=True), spectrum, 0)
    peak = (loud[1:-1] > loud[:-2]) & (loud[1:-1] >= loud[2:]) & (hz >= LOWEST) & (hz < HIGHEST)
    if not peak.any():
        return 0.0
    pitches = ((hz * n_fft / rate + shift) * rate / n_fft)[peak]
    heights = (here + 0.5 * slope * shift)[peak]
    residual = np.mod(bins * octaves(pitches[heights >= np.median(heights)]), 1.0)
    residual[residual >= 0.5] -= 1.0
    counts, edges = np.histogram(residual, np.linspace(-0.5, 0.5, _STEPS + 1))
    return float(edges[np.argmax(counts)])
