"""DistillMOS: how good speech sounds, 1 to 5, guessed from the waveform (arXiv:2502.05356).

The graph ships with Voxproof, the weights come out of the installed package `distillmos` (whose pickle is read, not
run); neither that package nor torch is imported. Longer clips are the mean over windows of 7.68 s at most 1 s apart,
shorter ones are padded with silence, as the package does it.
"""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio
from voxproof.errors import AudioError
from voxproof.features.mel import hann
from voxproof.models import file_path, load_card, open_session, read_torch_tensors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CARD = "distillmos"
GRAPH = "graph.onnx"
CHECKPOINT = "distill_mos_v7.pt"
RATE = 16_000  # Hz
WINDOW = 122_880  # samples, 7.68 s
LARGEST_HOP = 16_000  # samples between windows
N_FFT = 320  # 20 ms
HOP = 160  # 10 ms
COMPRESSION = 0.3  # exponent of the magnitudes
BATCH = 4  # windows at once: bounds the memory

Floats = NDArray[np.float32]


class DistillMos:
    """The predictor; weights are read when it is first asked."""

    @cached_property
    def _session(self) -> "InferenceSession":
        card = load_card(CARD)
        tensors = read_torch_tensors(file_path(card, CHECKPOINT), prefix="model.")
        weights = {
            name.removeprefix("model."): values
            for name, values in tensors.items()
            if not name.endswith("num_batches_tracked")
        }
        return open_session(card, GRAPH, initializers=weights)

    def score(self, audio: Audio) -> float:
        """The mean opinion score that the network expects, 1 to 5. `AudioError` for an empty clip."""
        if not len(audio.samples):
            raise AudioError("DistillMOS: the clip is empty")
        cut = windows(audio.resampled(RATE).samples)
        found = [
            self._session.run(None, {"spectrum": compressed_spectrum(cut[start : start + BATCH])})[0]
            for start in range(0, len(cut), BATCH)
        ]
        return float(np.concatenate(found).mean())


def windows(samples: Floats) -> Floats:
    """Samples at 16 kHz cut into `(n, 122880)`; the first window starts at the start, the last ends at the end."""
    over = len(samples) - WINDOW
    if over <= 0:
        return np.pad(samples, (0, -over))[None].astype(np.float32)
    places = np.linspace(0, over, int(np.ceil(over / LARGEST_HOP)) + 1).astype(int)
    return np.stack([samples[place : place + WINDOW] for place in places]).astype(np.float32)


def compressed_spectrum(waveforms: Floats) -> Floats:
    """`(n, samples)` -> `(n, 2, 161, samples / 160)`: real and imaginary part, magnitudes raised to 0.3.

    Each waveform is brought to a peak of 1 first, so its level does not matter.
    """
    scaled = waveforms / (np.abs(waveforms).max(axis=1, keepdims=True) + 1e-8)
    edge = (N_FFT - HOP) // 2
    padded = np.pad(scaled, ((0, 0), (edge, edge)), mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT, axis=1)[:, ::HOP]
    spectrum = np.fft.rfft(frames * hann(N_FFT), axis=2).transpose(0, 2, 1)
    spectrum = spectrum * np.maximum(np.abs(spectrum), 1e-12) ** (COMPRESSION - 1)
    return np.stack([spectrum.real, spectrum.imag], axis=1).astype(np.float32)
