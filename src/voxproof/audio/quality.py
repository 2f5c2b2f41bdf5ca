"""How good a recording is as a reference of a voice."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxproof.audio.activity import speech_segments
from voxproof.audio.loudness import loudness
from voxproof.audio.sound import Audio
from voxproof.errors import AudioError

MIN_SPEECH_S = 1.0
GOOD_SPEECH_S = 5.0
SILENCE_DBFS = -60.0  # of the greatest peak: below, a recording holds nothing to hear
NOISY_DB = 15.0  # signal-to-noise ratio
CLIPPED_SHARE = 1e-4  # of the samples of speech
QUIET_LUFS = -45.0
NARROW_HZ = 5_000.0

_FRAME_S = 0.025
_CLIP_RUN = 3  # equal samples at the extreme in a row
_CLIP_PEAK = 0.25  # a recording clipped before it was turned down still has its flat tops; a quiet one has none
_COUNTED = 20_000  # samples
_BAND_RANGE_DB = 65.0  # under the strongest band


@dataclass(frozen=True)
class ReferenceGrade:
    """What was measured of a reference, and what a listener should know of it."""

    duration: float  # s
    speech: float  # s
    snr: float  # dB, speech against what lies between
    clipped: float  # share of samples, 0 to 1
    loudness: float  # LUFS
    bandwidth: float  # Hz, the highest frequency at which the speech has energy
    notes: tuple[str, ...]  # in plain words; empty for a good reference
    segments: tuple[tuple[float, float], ...]  # s, where there is speech


def grade_reference(audio: Audio, name: str = "the reference") -> ReferenceGrade:
    """Measure `audio` as a reference of a voice.

    `AudioError` says which it is when it cannot be one: silence, no speech (music or noise), less than 1 s of speech.
    """
    peak = float(np.abs(audio.samples).max(initial=0.0))
    if peak < 10 ** (SILENCE_DBFS / 20):
        raise AudioError(f"{name}: silence; record it again, nearer to the microphone")
    segments = speech_segments(audio)
    speech = sum(end - start for start, end in segments)
    if not segments:
        raise AudioError(f"{name}: no speech in it, only music or noise; give a recording of one person who speaks")
    if speech < MIN_SPEECH_S:
        raise AudioError(
            f"{name}: only {speech:.2f} s of speech; at least {MIN_SPEECH_S:.0f} s is needed, 5 to 15 s is good"
        )
    spoken = speech_mask(audio, segments)
    snr = signal_to_noise(audio, spoken)
    clipped = clipping(audio.samples[spoken])
    level = loudness(audio)
    band = bandwidth(audio.samples[spoken], audio.rate)
    notes = _notes(speech, snr, clipped, level, band)
    return ReferenceGrade(audio.duration, speech, snr, clipped, level, band, notes, tuple(segments))


def clipping(samples: NDArray[np.float32]) -> float:
    """Share of samples in flat tops: runs of at least 3 samples within 0.1 % of the greatest or the least value."""
    if len(samples) < _CLIP_RUN or float(np.abs(samples).max()) < _CLIP_PEAK:
        return 0.0
    count = 0
    for signed in (samples, -samples):
        top = float(signed.max())
        if top <= 0:
            continue
        flat = np.concatenate([[False], signed >= 0.999 * top, [False]])
        edges = np.flatnonzero(flat[1:] != flat[:-1])
        lengths = edges[1::2] - edges[::2]
        count += int(lengths[lengths >= _CLIP_RUN].sum())
    return count / len(samples)


def levels(samples: NDArray[np.float32]) -> int:
    """How many different values the samples take, counted on 20 000 of them: 256 at most where they had 8 bits."""
    return len(np.unique(samples[:: max(1, len(samples) // _COUNTED)]))


def bandwidth(samples: NDArray[np.float32], rate: int) -> float:
    """The highest frequency in Hz whose 100 Hz band lies less than 65 dB under the strongest one."""
    size = max(64, round(rate / 50))
    count = len(samples) // size
    if count == 0:
        return rate / 2
    frames = samples[: count * size].reshape(count, size) * np.hanning(size).astype(np.float32)
    power = np.zeros(size // 2 + 1)
    for start in range(0, count, 1024):
        power += (np.abs(np.fft.rfft(frames[start : start + 1024], axis=1)) ** 2).sum(0)
    bands = np.convolve(power, np.full(2, 0.5), "same")
    heard = np.flatnonzero(bands > bands.max() * 10 ** (-_BAND_RANGE_DB / 10))
    return float(min(rate / 2, (heard[-1] + 1) * rate / size)) if len(heard) else 0.0


def speech_mask(audio: Audio, segments: list[tuple[float, float]]) -> NDArray[np.bool_]:
    """Which samples lie in the segments (seconds): bool `[n]`."""
    mask = np.zeros(len(audio.samples), np.bool_)
    for start, end in segments:
        mask[round(start * audio.rate) : round(end * audio.rate)] = True
    return mask


def signal_to_noise(audio: Audio, spoken: NDArray[np.bool_]) -> float:
    """Signal-to-noise ratio in dB, -20 to 80, of a recording whose samples with speech are known.

    The noise is what lies between speech where that is at least 0.3 s, else the quietest tenth of all frames: even in
    speech without a pause they are closures of plosives.
    """
    size = max(1, round(_FRAME_S * audio.rate))
    count = len(audio.samples) // size
    energy = audio.samples[: count * size].reshape(count, size).var(1, dtype=np.float64)  # an offset is no noise
    share = spoken[: count * size].reshape(count, size).mean(1)
    quiet = energy[share == 0.0]
    if len(quiet) * _FRAME_S < 0.3:
        quiet = np.sort(energy)[: max(1, count // 10)]
    noise = max(float(np.median(quiet)), 1e-10)
    speech = float(energy[share > 0.5].mean())
    return float(np.clip(10 * np.log10(max(speech - noise, 1e-10) / noise), -20.0, 80.0))


def _notes(speech: float, snr: float, clipped: float, level: float, band: float) -> tuple[str, ...]:
    notes = []
    if speech < GOOD_SPEECH_S:
        notes.append(f"only {speech:.1f} s of speech: {GOOD_SPEECH_S:.0f} s or more give a better likeness")
    if snr < NOISY_DB:
        notes.append(f"noisy: speech is only {snr:.0f} dB above the background")
    if clipped > CLIPPED_SHARE:
        notes.append(f"clipped: {100 * clipped:.2f} % of the samples are cut off; record with less gain")
    if level < QUIET_LUFS:
        notes.append(f"very quiet ({level:.0f} LUFS); record nearer to the microphone")
    if band < NARROW_HZ:
        notes.append(f"dull, as through a telephone: nothing above {band / 1000:.1f} kHz")
    return tuple(notes)
