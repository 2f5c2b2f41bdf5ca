"""Loudness as ITU-R BS.1770-4 measures it, for mono sound at any sampling rate."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from voxproof.audio.sound import Audio
from voxproof.errors import AudioError

BLOCK_S = 0.400
STEP_S = 0.100  # blocks overlap by 75 %
ABSOLUTE_GATE = -70.0  # LUFS
RELATIVE_GATE = -10.0  # LU under the mean of what passed the absolute gate
OFFSET = -0.691  # dB: cancels the gain of the K filter at 997 Hz

# The standard gives the two filters as coefficients at 48 kHz; these are the analogue prototypes behind them.
SHELF_HZ, SHELF_DB, SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
HIGHPASS_HZ, HIGHPASS_Q = 38.13547087602444, 0.5003270373238773
_RESPONSE_S = 0.15  # by then the response of the high-pass has fallen by more than 250 dB


def loudness(audio: Audio) -> float:
    """Integrated loudness in LUFS; minus infinity where nothing is above the absolute gate of -70 LUFS.

    Sound shorter than one block of 400 ms is measured as one block.
    """
    power = _block_power(audio)
    passed = power[_lufs(power) > ABSOLUTE_GATE]
    if len(passed) == 0:
        return float("-inf")
    gate = float(_lufs(passed.mean())) + RELATIVE_GATE
    return float(_lufs(passed[_lufs(passed) > gate].mean()))


def normalise_loudness(audio: Audio, lufs: float = -23.0, *, peak_db: float = -1.0) -> Audio:
    """`audio` at a loudness of `lufs`, or as near as peaks of at most `peak_db` dBFS allow. `AudioError` on silence."""
    now = loudness(audio)
    if now == float("-inf"):
        raise AudioError("the audio is silent: there is no loudness to normalise")
    gain = min(10 ** ((lufs - now) / 20), 10 ** (peak_db / 20) / float(np.abs(audio.samples).max()))
    return Audio(audio.samples * np.float32(gain), audio.rate, audio.manifest)


def _lufs(power: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    level: NDArray[np.float64] = np.asarray(OFFSET + 10 * np.log10(np.maximum(power, 1e-30)))
    return level


def _block_power(audio: Audio) -> NDArray[np.float64]:
    """Mean square of the K-weighted blocks, float64 `(blocks,)`, from sums over the 100 ms steps that they share."""
    weighted = k_weighted(audio.samples, audio.rate)
    length = round(BLOCK_S * audio.rate)
    if len(weighted) < length:
        return np.array([float(np.mean(weighted**2)) if len(weighted) else 0.0])
    total = np.concatenate([[0.0], np.cumsum(weighted**2)])
    starts = np.round(np.arange(0, (len(weighted) - length) / audio.rate + 1e-9, STEP_S) * audio.rate).astype(int)
    power: NDArray[np.float64] = (total[starts + length] - total[starts]) / length
    return power


def k_weighted(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """Samples through the K filter, float64 of the same length (overlap-add with its impulse response)."""
    response = _impulse_response(rate)
    size = 1 << (4 * len(response) - 1).bit_length()
    step = size - len(response) + 1
    spectrum = np.fft.rfft(response, size)
    out = np.zeros(len(samples) + size, np.float64)
    for start in range(0, len(samples), step):
        piece = np.fft.rfft(samples[start : start + step].astype(np.float64), size)
        out[start : start + size] += np.fft.irfft(piece * spectrum, size)
    return out[: len(samples)]


@cache
def _impulse_response(rate: int) -> NDArray[np.float64]:
    """The response of both filters, from their transfer function on a circle of bins much longer than it is."""
    size = 1 << int(np.ceil(np.log2(4 * _RESPONSE_S * rate)))
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)  # z^-1 on the unit circle
    transfer = np.ones(len(z), complex)
    for b, a in k_filters(rate):
        transfer *= (b[0] + b[1] * z + b[2] * z**2) / (a[0] + a[1] * z + a[2] * z**2)
    response: NDArray[np.float64] = np.fft.irfft(transfer, size)
    return response[: int(_RESPONSE_S * rate)]


def k_filters(rate: int) -> list[tuple[tuple[float, float, float], tuple[float, float, float]]]:
    """Coefficients (b, a) of the shelf and of the high-pass at `rate` Hz, by the bilinear transform."""
    k = np.tan(np.pi * SHELF_HZ / rate)
    high, band = 10 ** (SHELF_DB / 20), 10 ** (SHELF_DB / 20 * 0.4996667741545416)
    a0 = 1 + k / SHELF_Q + k * k
    shelf_b = (
        (high + band * k / SHELF_Q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - band * k / SHELF_Q + k * k) / a0,
    )
    shelf_a = (1.0, 2 * (k * k - 1) / a0, (1 - k / SHELF_Q + k * k) / a0)
    k = np.tan(np.pi * HIGHPASS_HZ / rate)
    a0 = 1 + k / HIGHPASS_Q + k * k
    highpass_a = (1.0, 2 * (k * k - 1) / a0, (1 - k / HIGHPASS_Q + k * k) / a0)
    return [(shelf_b, shelf_a), ((1.0, -2.0, 1.0), highpass_a)]
