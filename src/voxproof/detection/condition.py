"""What about a recording makes a verdict unsure: too little speech, silence, clipping, music."""

from dataclasses import dataclass

import numpy as np

from voxproof.audio import Audio
from voxproof.features.mel import Floats, stft_magnitude

SHORTEST_SPEECH = 1.0  # seconds; less cannot be judged
SHORT_SPEECH = 2.0  # seconds; less is judged, with a warning
SILENT_PEAK = 1e-4
CLIPPED_RUN = 3  # samples at the very peak, one after the other
CLIPPED_SHARE = 1e-3  # of all samples, in such runs
MUSIC_SHARE = 0.5  # of the sounding frames outside speech that hold a steady tone
MUSIC_SECONDS = 0.5  # of steady tones, at least
MUSIC_BELOW_SPEECH = 25.0  # dB; fainter tones (hum, fans) do not matter
_STEADY_FRAMES = 20  # of 16 ms: a tone that stays on its pitch for 0.3 s; voices glide
_TONE_OVER_MEDIAN = 12.0  # times the median of its frame
_RATE = 16_000
_N_FFT, _HOP = 1024, 256


@dataclass(frozen=True)
class Caution:
    """One reason for doubt: a short name for programs and a sentence for people."""

    code: str
    message: str


def inspect(audio: Audio, speech: list[tuple[float, float]]) -> list[Caution]:
    """All warnings for a recording whose stretches of speech are known, gravest first."""
    spoken = sum(end - start for start, end in speech)
    peak = float(np.abs(audio.samples).max()) if len(audio.samples) else 0.0
    if peak < SILENT_PEAK:
        return [Caution("silent", "the recording is silent, so there is nothing to judge")]
    found = []
    music = holds_music(audio, speech)
    if not speech:
        what = "music, but no speech" if music else "no speech"
        found.append(Caution("no-speech", f"{what} was found in the recording, and only speech can be judged"))
    elif spoken < SHORTEST_SPEECH:
        found.append(
            Caution("too-short", f"only {spoken:.1f} s of speech were found; {SHORTEST_SPEECH:.0f} s are needed")
        )
    elif spoken < SHORT_SPEECH:
        found.append(Caution("short", f"{spoken:.1f} s of speech are little; longer recordings are judged more surely"))
    if clipped_share(audio.samples) > CLIPPED_SHARE:
        found.append(Caution("clipped", "the recording is clipped (too loud), which hides what is looked for"))
    if music and speech:
        found.append(Caution("music", "there seems to be music in the recording, which disturbs the judgement"))
    return found


def clipped_share(samples: Floats) -> float:
    """Share of samples that lie in runs of three and more at the very peak."""
    if len(samples) < CLIPPED_RUN:
        return 0.0
    at_peak = np.abs(samples) >= 0.999 * float(np.abs(samples).max())
    if float(np.abs(samples).max()) < SILENT_PEAK:
        return 0.0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], at_peak.view(np.int8), [0]])))
    lengths = edges[1::2] - edges[0::2]
    return float(lengths[lengths >= CLIPPED_RUN].sum()) / len(samples)


def holds_music(audio: Audio, speech: list[tuple[float, float]]) -> bool:
    """Whether tones that keep their pitch, as notes do and voices do not, sound outside the stretches of speech.

    Music under speech that never sounds alone goes unnoticed.
    """
    samples = audio.resampled(_RATE).samples
    magnitude = stft_magnitude(samples, _N_FFT, _HOP)[4:400]  # 60 Hz to 6 kHz
    frames = magnitude.shape[1]
    if frames < 2 * _STEADY_FRAMES:
        return False
    level = np.sqrt((magnitude**2).mean(0)) + 1e-12
    outside = np.ones(frames, bool)
    for start, end in speech:
        outside[max(0, int(start * _RATE / _HOP) - 4) : int(end * _RATE / _HOP) + 5] = False
    loudest = level[~outside] if speech and (~outside).any() else level
    sounding = outside & (level > np.quantile(loudest, 0.9) * 10 ** (-MUSIC_BELOW_SPEECH / 20)) & (level > 1e-3)
    # A tone: a bin far above the rest of its frame that stays so for 0.3 s, give or take one frame in five.
    peaks = magnitude > _TONE_OVER_MEDIAN * np.median(magnitude, axis=0)
    summed = np.cumsum(np.pad(peaks.astype(np.int32), ((0, 0), (1, 0))), axis=1)
    held = (summed[:, _STEADY_FRAMES:] - summed[:, :-_STEADY_FRAMES]).max(0) >= 0.8 * _STEADY_FRAMES
    steady = np.zeros(frames, bool)
    for first in np.flatnonzero(held):
        steady[first : first + _STEADY_FRAMES] = True
    steady &= sounding
    return bool(steady.sum() * _HOP / _RATE >= MUSIC_SECONDS and steady.sum() >= MUSIC_SHARE * sounding.sum())
