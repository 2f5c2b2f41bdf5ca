"""DNSMOS: how clean speech sounds (P.835: arXiv:2110.01763; P.808: arXiv:2010.15258).

The networks are Microsoft's, as the package `speechmos` carries them in ONNX; that package imports librosa and pandas,
so the little that stands around the networks is written here. They judge noise more than naturalness.
"""

from dataclasses import asdict, dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio
from voxproof.errors import AudioError
from voxproof.features.mel import hz_to_mel, mel_to_hz, stft_magnitude
from voxproof.models import load_card, open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CARD = "dnsmos"

RATE = 16_000  # Hz
SECONDS = 9.01  # of a window
WINDOW = 144_160  # samples, the same
HOP = RATE  # samples between windows
N_FFT = 321  # of the mel that the P.808 network sees
MEL_HOP = 160
N_MELS = 120
DECIBEL_RANGE = 80.0  # below the loudest point
TAIL = 160  # samples that the P.808 network does not see
# Raw outputs to opinion scores, highest power first: the package's own calibration.
SIGNAL = (-0.08397278, 1.22083953, 0.0052439)
BACKGROUND = (-0.13166888, 1.60915514, -0.39604546)
OVERALL = (-0.06766283, 1.11546468, 0.04602535)


@dataclass(frozen=True)
class DnsmosScores:
    """Opinion scores of 1 to 5: the voice, the background, both (P.835), and the older overall score (P.808)."""

    signal: float
    background: float
    overall: float
    p808: float

    def as_dict(self) -> dict[str, float]:
        """For JSON."""
        return asdict(self)


class Dnsmos:
    """The predictor; the networks are loaded when first asked."""

    @cached_property
    def _sessions(self) -> "tuple[InferenceSession, InferenceSession]":
        card = load_card(CARD)
        return open_session(card, "sig_bak_ovr.onnx"), open_session(card, "model_v8.onnx")

    def score(self, audio: Audio) -> DnsmosScores:
        """Means over windows of 9.01 s, 1 s apart; a shorter clip is repeated until it fills one."""
        p835, p808 = self._sessions
        raw, older = [], []
        for window in windows(audio.resampled(RATE).samples):
            raw.append(p835.run(None, {"input_1": window[None]})[0][0])
            older.append(p808.run(None, {"input_1": level_mel(window[:-TAIL]).T[None]})[0][0][0])
        signal, background, overall = np.asarray(raw, np.float64).T
        return DnsmosScores(
            float(np.polyval(SIGNAL, signal).mean()),
            float(np.polyval(BACKGROUND, background).mean()),
            float(np.polyval(OVERALL, overall).mean()),
            float(np.mean(older)),
        )


def windows(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """`(n, 144160)`: windows a second apart, the clip doubled until it fills one.

    Where a window ends is computed in floating point and shorter ones are left out, as in the package: some windows
    come out one sample short that way, and the published scores are means without them.
    """
    if not samples.size:
        raise AudioError("DNSMOS: the clip is empty")
    while len(samples) < WINDOW:
        samples = np.concatenate([samples, samples])
    count = int(len(samples) // RATE - SECONDS) + 1
    cut = [samples[place * HOP : int((place + SECONDS) * HOP)] for place in range(count)]
    return np.stack([window for window in cut if len(window) == WINDOW]).astype(np.float32)


@cache
def _filters() -> NDArray[np.float64]:
    """Slaney's triangles for an odd transform, whose highest bin lies below half the rate: `(120, 161)`."""
    lowest, highest = hz_to_mel(np.array([0.0, RATE / 2]))
    edges = mel_to_hz(np.linspace(lowest, highest, N_MELS + 2))
    bins = np.fft.rfftfreq(N_FFT, 1 / RATE)
    rising = (bins[None] - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins[None]) / np.diff(edges)[1:, None]
    filters: NDArray[np.float64] = np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    return filters


def level_mel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Power mel spectrogram in decibels under its own maximum, 40 dB a unit, `(120, frames)`, from -1 to 1."""
    power = _filters() @ stft_magnitude(samples, N_FFT, MEL_HOP).astype(np.float64) ** 2
    decibels = 10 * np.log10(np.maximum(power, 1e-10))
    decibels -= max(float(decibels.max()), -100.0)
    scaled: NDArray[np.float32] = ((np.maximum(decibels, -DECIBEL_RANGE) + 40) / 40).astype(np.float32)
    return scaled
