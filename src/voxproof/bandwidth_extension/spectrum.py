"""The grid on which the upper band is made: frames of 20 ms every 10 ms at 24 kHz, bins of 50 Hz, bands of 250 Hz.

The fine structure above 8 kHz is that of 3.2 to 7.2 kHz, mirrored: what lies at 7.2 kHz comes to lie at 8 kHz, 3.2 at
12. A mirrored spectrum is the signal times a carrier of 15.2 kHz, and that carrier turns a whole number of times within
a hop, so frames fit together without any work on phases, and the noise of a fricative or the beat of a voice stays what
it was. Mirrored, not shifted, because then neighbours in frequency stay neighbours at 8 kHz.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from voxproof.features.mel import Floats, hann

Complex = NDArray[np.complex64]

N_FFT = 480  # samples at 24 kHz, 20 ms: the window's length too
HOP = 240  # 10 ms
BAND = 5  # bins, 250 Hz
LOW_BANDS = 32  # 0 to 8 kHz
HIGH_BANDS = 16  # 8 to 12 kHz
FIRST = 160  # bin of 8 kHz
MIRROR = 304  # bin k comes from bin 304 - k: 15.2 kHz
SMOOTHING = 1  # frames and bands to either side, in envelopes
FLOOR = 1e-7  # of power: what dither of 16 bits has
WINDOW: Floats = np.sqrt(hann(N_FFT))

_MIRRORED = MIRROR - np.arange(FIRST, FIRST + HIGH_BANDS * BAND)


def transform(samples: Floats) -> Complex:
    """Samples at 24 kHz, `((frames + 1) * HOP,)`, to complex64 `(frames, 241)`; frames are not centred."""
    frames = np.lib.stride_tricks.sliding_window_view(np.asarray(samples, np.float32), N_FFT)[::HOP]
    made: Complex = fft.rfft(frames * WINDOW, axis=1)
    return made


def overlapped(spectrum: Complex) -> Floats:
    """The samples between the first and the last frame's centre, `((frames - 1) * HOP,)`, of `(frames, 241)`."""
    frames = fft.irfft(spectrum, N_FFT, axis=1) * WINDOW
    return np.asarray(frames[:-1, HOP:] + frames[1:, :HOP], np.float32).ravel()


def band_power(spectrum: Complex) -> Floats:
    """Mean power of each band of 250 Hz: `(frames, bins)` to `(frames, bins // 5)`."""
    frames, bins = spectrum.shape
    power = np.abs(spectrum[:, : bins // BAND * BAND]) ** 2
    mean: Floats = power.reshape(frames, -1, BAND).mean(2)
    return mean


def log_bands(spectrum: Complex) -> Floats:
    """What a network hears: natural logarithm of the amplitude in bands from 0 to 8 kHz, `(frames, LOW_BANDS)`."""
    low = spectrum[:, : LOW_BANDS * BAND]
    return np.asarray(0.5 * np.log(band_power(low) + FLOOR), np.float32)


def mirrored(spectrum: Complex) -> Complex:
    """The raw material of 8 to 12 kHz, `(frames, HIGH_BANDS * BAND)`."""
    return np.conj(spectrum[:, _MIRRORED])


def log_envelope(band: Complex) -> Floats:
    """Log amplitude of 8 to 12 kHz, `(frames, 80)` to `(frames, HIGH_BANDS)`, over three frames and three bands.

    A single frame's power in 250 Hz is itself noise; divided by it, noise would come out flat.
    """
    return np.asarray(0.5 * np.log(_smooth(_smooth(band_power(band), 0), 1) + FLOOR), np.float32)


def _smooth(power: Floats, axis: int) -> Floats:
    edges = [(SMOOTHING, SMOOTHING) if axis == place else (0, 0) for place in range(2)]
    padded = np.pad(power, edges, mode="edge")
    mean: Floats = np.lib.stride_tricks.sliding_window_view(padded, 2 * SMOOTHING + 1, axis=axis).mean(-1)
    return mean


def spread() -> Floats:
    """From a value a band to one a bin by straight lines, `(HIGH_BANDS, HIGH_BANDS * BAND)`."""
    centres = np.arange(HIGH_BANDS) * BAND + (BAND - 1) / 2
    bins = np.arange(HIGH_BANDS * BAND)
    return np.stack([np.interp(bins, centres, row) for row in np.eye(HIGH_BANDS)]).astype(np.float32)


def shaped(band: Complex, gains: Floats) -> Complex:
    """`(frames, 80)` times log `gains` `(frames, HIGH_BANDS)`, in its place in the spectrum: `(frames, 241)`."""
    spectrum = np.zeros((len(band), N_FFT // 2 + 1), np.complex64)
    spectrum[:, FIRST : FIRST + HIGH_BANDS * BAND] = band * np.exp(gains @ spread())
    return spectrum
