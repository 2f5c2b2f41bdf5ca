"""The compressed complex spectrogram: what the detector hears.

Magnitudes are raised to 0.3 (about as loudness grows) and phases are kept, since generators err in both. 20 ms Hann
windows every 10 ms at 16 kHz; the level of the whole recording does not matter. The front end of DistillMOS
(arXiv:2502.05356), whose first layers the detector starts from, but for the highest bins: above 7.2 kHz lies what the
last resampling filter left, which tells who published a clip and not who spoke (resampling real speech to 44.1 kHz and
back moved a detector that heard it from 20 to 39 %), so it is set to zero.
"""

import numpy as np

from voxproof.features.mel import Floats, hann

RATE = 16_000  # Hz
N_FFT = 320  # samples: 20 ms, 161 bins of 50 Hz
HOP = 160  # samples: 100 frames a second
BINS = N_FFT // 2 + 1
EXPONENT = 0.3
HEARD = 144  # bins, up to 7.2 kHz; those above are zero
_SMALLEST = 1e-12
_EDGE = (N_FFT - HOP) // 2


def frames_in(samples: int) -> int:
    """How many frames a number of samples gives."""
    return samples // HOP


def compressed_spectrogram(samples: Floats) -> Floats:
    """Real and imaginary part of the compressed spectrum, float32 `(2, 161, n // 160)`, of samples at 16 kHz.

    The samples are scaled to a peak of 1 first; silence gives zeros. Fewer than 160 samples give no frame.
    """
    count = frames_in(len(samples))
    if count == 0:
        return np.zeros((2, BINS, 0), np.float32)
    peak = float(np.abs(samples).max())
    scaled = np.asarray(samples, np.float32) / np.float32(peak + 1e-8)
    # Mirrored edges, as far as there are samples to mirror (161 are needed; a frame has 160 at least).
    padded = np.pad(scaled, _EDGE, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP][:count]
    spectrum = np.fft.rfft(frames * hann(N_FFT), axis=1).astype(np.complex64)
    magnitude = np.maximum(np.abs(spectrum), _SMALLEST)
    spectrum *= magnitude ** np.float32(EXPONENT - 1.0)
    spectrum[:, HEARD:] = 0
    return np.ascontiguousarray(np.stack([spectrum.real.T, spectrum.imag.T]), dtype=np.float32)
