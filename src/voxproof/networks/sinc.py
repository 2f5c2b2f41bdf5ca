"""Fixed band-pass filters on the waveform: the first layer of RawNet2 and AASIST (SincNet, arXiv:1808.00158)."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

_RATE = 16_000  # Hz
_BINS = 257  # of the FFT of 512 points whose span in mel the bands divide


def band_edges(bands: int) -> np.ndarray:
    """Edges of `bands` bands of equal width on the mel scale (2595 log10(1 + f / 700)), Hz, `(bands + 1,)`."""
    hz = _RATE // 2 * np.linspace(0, 1, _BINS)
    mel = 2595 * np.log10(1 + hz / 700)
    return 700 * (10 ** (np.linspace(mel.min(), mel.max(), bands + 1) / 2595) - 1)


def sinc_filters(bands: int, taps: int) -> Tensor:
    """Hamming-windowed ideal band-passes between neighbouring edges, `(bands, 1, taps)`."""
    place = np.arange(taps) - (taps - 1) / 2
    edges = band_edges(bands)[:, None]
    low_passes = 2 * edges / _RATE * np.sinc(2 * edges * place / _RATE)
    filters = (low_passes[1:] - low_passes[:-1]) * np.hamming(taps)
    return torch.from_numpy(filters.astype(np.float32))[:, None]


class SincFilters(nn.Module):
    """`(batch, samples) -> (batch, bands, samples - taps + 1)`. Nothing is learned, so nothing is in the state dict."""

    filters: Tensor

    def __init__(self, bands: int, taps: int) -> None:
        super().__init__()
        self.register_buffer("filters", sinc_filters(bands, taps), persistent=False)

    def forward(self, samples: Tensor) -> Tensor:
        """The output of every filter."""
        return functional.conv1d(samples[:, None], self.filters)
