"""What about a recording makes a verdict unsure: too little speech, silence, noise, telephones, clipping, music.

A caution has a *weight*: how much of the detector's log-likelihood ratio is believed in such a recording. The ratio is
multiplied by it, which moves the probability towards one half and widens the band of `uncertain`; the weights of
several cautions are multiplied. That is calibration that depends on the quality of the recording (Mandasari et al.,
"Quality measure functions for calibration of speaker recognition systems in various duration conditions", 2013),
reduced to one factor a condition: the one with the least logistic loss on degraded clips of held-out training pages.
`benchmarks/conditions.py` measures these factors; what stands here is rounded down from them.
"""

from dataclasses import dataclass
from math import prod

import numpy as np

from voxproof.audio import Audio
from voxproof.audio.quality import bandwidth, clipping, levels, signal_to_noise, speech_mask
from voxproof.detection.tones import holds_music

SHORTEST_SPEECH = 1.0  # seconds; less cannot be judged
SHORT_SPEECH = 2.0  # seconds; less is judged, with a warning
SILENT_PEAK = 1e-4
QUIET_PEAK = 3e-3  # 100 steps of 16 bits
NARROW_HZ = 4_600.0  # telephones reach 3.4 to 4 kHz; what is published as 16 kHz reaches 7.3 kHz at least
REDUCED_HZ = 6_600.0  # MP3 at 16 kbit/s ends between
NOISY_DB = 12.0  # speech over noise; of 350 clips of speech one in a hundred has less
LOUD_NOISE_DB = 6.0
CLIPPED_SHARE = 1e-3  # of all samples, in flat tops
COARSE_LEVELS = 400  # different values; 8 bits have 256, speech in 16 bits takes thousands
OFFSET_SHARE = 0.05  # of the root mean square: a constant offset that is taken out before anything is judged

UNJUDGED = ("silent", "no-speech", "too-short")  # cautions with which no label but `uncertain` is given
UNHEARD = ("silent", "no-speech")  # and with these the score itself means nothing

WEIGHTS = {
    "narrow-band": 0.02,
    "reduced-band": 0.02,
    "noisy": 0.6,
    "loud-noise": 0.4,
    "clipped": 0.8,
    "music": 0.15,
    "quiet": 0.1,
    "coarse": 0.1,
    "short": 0.5,
}


@dataclass(frozen=True)
class Caution:
    """One reason for doubt: a short name for programs, a sentence for people, and the share that is still believed."""

    code: str
    message: str
    weight: float = 1.0


def caution(code: str, message: str) -> Caution:
    """A caution with the weight of its kind."""
    return Caution(code, message, WEIGHTS.get(code, 1.0))


def believed(cautions: list[Caution]) -> float:
    """How much of the detector's ratio counts, in (0, 1]."""
    return prod(one.weight for one in cautions)


def inspect(audio: Audio, speech: list[tuple[float, float]]) -> list[Caution]:
    """All warnings for a recording whose stretches of speech are known, gravest first."""
    spoken = sum(end - start for start, end in speech)
    peak = float(np.abs(audio.samples).max()) if len(audio.samples) else 0.0
    if peak < SILENT_PEAK:
        return [caution("silent", "the recording is silent, so there is nothing to judge")]
    found = []
    music = holds_music(audio, speech)
    if not speech:
        what = "music, but no speech" if music else "no speech"
        found.append(caution("no-speech", f"{what} was found in the recording, and only speech can be judged"))
    elif spoken < SHORTEST_SPEECH:
        found.append(
            caution("too-short", f"only {spoken:.1f} s of speech were found; {SHORTEST_SPEECH:.0f} s are needed")
        )
    elif spoken < SHORT_SPEECH:
        found.append(caution("short", f"{spoken:.1f} s of speech are little; longer recordings are judged more surely"))
    if speech:
        found += _of_speech(audio, speech)
    if clipping(audio.samples) > CLIPPED_SHARE:
        found.append(caution("clipped", "the recording is clipped (too loud), which hides what is looked for"))
    if music and speech:
        found.append(caution("music", "there seems to be music in the recording, which disturbs the judgement"))
    if speech and peak >= QUIET_PEAK and levels(audio.samples) < COARSE_LEVELS:
        found.append(
            caution("coarse", "the recording has few steps, as with 8 bits, and their noise covers fine detail")
        )
    if peak < QUIET_PEAK:
        found.append(caution("quiet", "the recording is so quiet that fine detail is lost"))
    return found


def _of_speech(audio: Audio, speech: list[tuple[float, float]]) -> list[Caution]:
    mask = speech_mask(audio, speech)
    found = []
    reach = bandwidth(audio.samples[mask], audio.rate)
    if reach < NARROW_HZ:
        found.append(
            caution(
                "narrow-band",
                f"there is nothing above {reach / 1000:.1f} kHz, as on a telephone, so much of what is looked for is "
                "missing",
            )
        )
    elif reach < REDUCED_HZ:
        found.append(
            caution(
                "reduced-band",
                f"there is nothing above {reach / 1000:.1f} kHz, as after strong compression, so part of what is "
                "looked for is missing",
            )
        )
    ratio = signal_to_noise(audio, mask)
    if ratio < LOUD_NOISE_DB:
        found.append(caution("loud-noise", "noise is nearly as loud as the speech and covers what is looked for"))
    elif ratio < NOISY_DB:
        found.append(caution("noisy", f"the speech is only {ratio:.0f} dB above the noise"))
    return found


def without_offset(audio: Audio) -> Audio:
    """The recording without a constant offset (a fault of cheap sound cards); as it is if there is hardly any."""
    if not len(audio.samples):
        return audio
    offset = float(audio.samples.mean(dtype=np.float64))
    if abs(offset) <= OFFSET_SHARE * float(audio.samples.std(dtype=np.float64)):
        return audio
    return Audio(audio.samples - np.float32(offset), audio.rate, audio.manifest)
