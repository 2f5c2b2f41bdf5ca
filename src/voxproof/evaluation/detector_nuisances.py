"""What tells two recordings apart without saying anything about their voice: edges, level, bandwidth, bits, length.

A set whose fakes can be told from its real clips by one of these teaches a detector that, and not what a generator
leaves behind (silence at the edges alone told ASVspoof's classes apart: Müller et al., arXiv:2106.12914). Each kind is
a short vector of one clip; `detector_probes` trains a classifier on it.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from voxproof.evaluation.detector_groups import codec_name
from voxproof.evaluation.detector_protocol import Row
from voxproof.features.mel import Floats

RATE = 16_000  # Hz
_STEP = 2.0**-15  # of 16 bits
_FRAME = RATE // 100
_EDGE_DB = 50.0  # under the loudest frame: what is softer at the edges is silence
_FLOOR = 1e-10
_N_FFT = 1024
_CUT_OFF_DB = 60.0  # under the strongest band: above the highest frequency that reaches this a recording holds nothing

Vector = NDArray[np.float64]


def edges(samples: Floats) -> Vector:
    """Silence before and after (s, logarithm), and the shares of digital zeros: at the edges, and altogether."""
    first, end = sounding_part(samples)
    lead, trail = first // _FRAME, (len(samples) - end) // _FRAME
    sounding = np.flatnonzero(np.abs(samples) >= _STEP / 2)
    first, last = (sounding[0], len(samples) - 1 - sounding[-1]) if sounding.size else (len(samples), len(samples))
    seconds = [lead * _FRAME / RATE, trail * _FRAME / RATE, first / RATE, last / RATE]
    return np.array([*np.log(np.array(seconds) + 0.01), 1 - sounding.size / max(len(samples), 1)])


def sounding_part(samples: Floats) -> tuple[int, int]:
    """Where the sound begins and ends, in samples and whole frames of 10 ms; silence ends before it begins."""
    level = _frame_power(samples) if len(samples) else np.zeros(0)
    loud = np.flatnonzero(level > level.max(initial=0.0) * 10 ** (-_EDGE_DB / 10))
    if not loud.size:
        return len(samples), len(samples)
    end = len(samples) if loud[-1] == len(level) - 1 else (int(loud[-1]) + 1) * _FRAME
    return int(loud[0]) * _FRAME, end


def loudness(samples: Floats) -> Vector:
    """RMS in decibels: of all, and of the louder half of the frames."""
    level = np.sort(_frame_power(samples))
    return _decibels(np.array([level.mean() if level.size else 0.0, level[level.size // 2 :].mean()]))


def peak(samples: Floats) -> Vector:
    """The peak in decibels, and the crest factor."""
    top, mean = float(np.abs(samples).max(initial=0.0)) ** 2, float(np.mean(np.square(samples, dtype=np.float64)))
    return np.array([_decibels(np.array(top)), _decibels(np.array(top)) - _decibels(np.array(mean))])


def offset(samples: Floats) -> Vector:
    """The constant part: in steps of 16 bits (signed logarithm), and against the RMS."""
    mean = float(samples.mean(dtype=np.float64))
    steps = mean / _STEP
    return np.array([np.sign(steps) * np.log1p(abs(steps)), abs(mean) / (float(samples.std(dtype=np.float64)) + _STEP)])


def bandwidth(samples: Floats) -> Vector:
    """Frequencies (kHz) under which 95 and 99 % of the energy lie, and the energy above 4, 6 and 7 kHz in decibels."""
    power = _spectrum(samples)
    frequencies = np.fft.rfftfreq(_N_FFT, 1 / RATE) / 1000
    part = np.cumsum(power) / max(float(power.sum()), _FLOOR)
    rolls = [frequencies[min(int(np.searchsorted(part, share)), len(part) - 1)] for share in (0.95, 0.99)]
    above = [power[frequencies >= edge].sum() / max(float(power.sum()), _FLOOR) for edge in (4, 6, 7)]
    return np.array([*rolls, *_decibels(np.array(above))])


def cut_off(samples: Floats) -> Vector:
    """The highest frequency (kHz) that the recording reaches, as a codec or a sampling rate leaves it."""
    power = _spectrum(samples)
    there = np.flatnonzero(power > power.max(initial=0.0) * 10 ** (-_CUT_OFF_DB / 10))
    return np.array([there[-1] * RATE / _N_FFT / 1000 if there.size else 0.0])


def bit_depth(samples: Floats) -> Vector:
    """Of the steps of 16 bits: how many of those in reach are used, how many samples are even, how many divide by 16,
    and how far samples lie from any step."""
    scaled = samples.astype(np.float64) / _STEP
    steps = np.rint(scaled).astype(np.int64)
    used = np.unique(steps)
    reach = min(int(used[-1] - used[0]) + 1, len(steps)) if used.size else 1
    sounding = steps[steps != 0]
    even, sixteenth = ((sounding % n == 0).mean() if sounding.size else 0.0 for n in (2, 16))
    return np.array([used.size / reach, even, sixteenth, float(np.abs(scaled - steps).mean())])


def duration(samples: Floats) -> Vector:
    """Seconds, and their logarithm."""
    seconds = len(samples) / RATE
    return np.array([seconds, np.log(seconds + 0.01)])


SOUND: Mapping[str, Callable[[Floats], Vector]] = {
    "edge silence": edges,
    "loudness": loudness,
    "peak": peak,
    "DC": offset,
    "bandwidth": bandwidth,
    "cut-off": cut_off,
    "bit depth": bit_depth,
    "duration": duration,
}
TOLD = "codec"  # the coding before the corpus was coded, as the manifest tells it


def nuisances(samples: Floats) -> dict[str, Vector]:
    """All kinds that can be heard in samples at 16 kHz; one that is empty counts as one sample of silence."""
    heard = samples if len(samples) else np.zeros(1, np.float32)
    return {name: measure(heard) for name, measure in SOUND.items()}


def told_codings(rows: list[Row]) -> NDArray[np.float64]:
    """Coding and sampling rate of origin as the manifest tells them, one column for each that occurs: `(rows, n)`."""
    names = [f"{codec_name(row.codec)} {row.source_rate}" for row in rows]
    kinds = sorted(set(names))
    return np.array([[name == kind for kind in kinds] for name in names], np.float64)


def _frame_power(samples: Floats) -> Vector:
    whole = samples[: max(len(samples) // _FRAME, 1) * _FRAME]
    frames = np.resize(whole, (max(len(whole) // _FRAME, 1), min(_FRAME, len(whole))))
    return np.asarray(np.square(frames, dtype=np.float64).mean(axis=1), np.float64)


def _spectrum(samples: Floats) -> Vector:
    """Mean power of Hann-windowed frames: `(n_fft / 2 + 1,)`."""
    padded = np.pad(samples, (0, max(0, _N_FFT - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _N_FFT)[:: _N_FFT // 2]
    spectra = np.fft.rfft(frames * np.hanning(_N_FFT).astype(np.float32), axis=1)
    return np.asarray((np.abs(spectra).astype(np.float64) ** 2).mean(axis=0), np.float64)


def _decibels(power: NDArray[np.float64]) -> Vector:
    return np.asarray(10 * np.log10(np.maximum(power, _FLOOR)), np.float64)
