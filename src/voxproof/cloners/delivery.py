"""How an utterance is delivered: the prosody of its plan as what a synthesizer and a waveform can be given."""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from voxproof.features.level import normalise_level
from voxproof.features.mel import Floats
from voxproof.synthesis import Factor, SpokenMel, Synthesizer
from voxproof.text import Utterance
from voxproof.text.prosody import FASTEST, SLOWEST

_KNEE = 0.8  # above it peaks are bent, so that a loud word makes the words beside it no softer


@dataclass(frozen=True)
class Delivery:
    """Factors on the rate of speech, on f0 and on amplitude (one, or one a symbol), and the pause behind in seconds."""

    speed: Factor
    pitch: Factor
    volume: Factor
    pause: float

    @classmethod
    def of(cls, utterance: Utterance, speed: float, synthesizer: Synthesizer) -> "Delivery":
        """What the utterance asks for at that rate of speech, as far as the synthesizer goes."""
        asked = utterance.prosody
        if not asked:
            pause = utterance.pause_after_seconds / (1.0 if utterance.pause_is_exact else speed)
            return cls(speed, 1.0, 1.0, pause)
        rates = np.clip([speed * one.rate for one in asked], SLOWEST, FASTEST).astype(np.float32)
        pitches = np.array([one.pitch for one in asked], np.float32)
        volumes = np.array([one.volume for one in asked], np.float32)
        pause = utterance.pause_after_seconds / (1.0 if utterance.pause_is_exact else float(rates[-1]))
        if synthesizer.changes_within:
            return cls(rates, pitches, volumes, pause)
        return cls(float(rates.mean()), float(pitches.mean()), float(volumes.mean()), pause)


def warn_of_what_is_not_done(utterances: Iterable[Utterance], synthesizer: Synthesizer) -> None:
    """One `UserWarning` for what the texts ask for and the synthesizer cannot do."""
    asked = [one.prosody for one in utterances if one.prosody]
    missing = []
    if not synthesizer.changes_pitch and any(one.pitch != 1.0 for several in asked for one in several):
        missing.append("a change of pitch")
    if not synthesizer.changes_within and any(len(set(several)) > 1 for several in asked):
        missing.append("a change within a sentence (its mean holds for all of it)")
    if missing:
        warnings.warn(f"{synthesizer.name} cannot do this and leaves it out: {'; '.join(missing)}", stacklevel=3)


def levelled(samples: Floats, spoken: SpokenMel, volume: Factor, hop: int) -> Floats:
    """The waveform of an utterance at the one level of speech, times its volume.

    `volume` is one factor or one a symbol; then `spoken.symbols` says where each symbol is, in frames of `hop`
    samples.
    """
    samples = normalise_level(samples)
    frames = np.asarray(volume, np.float32)
    if frames.ndim > 0:
        frames = frames[spoken.symbols] if spoken.symbols is not None else frames.mean(keepdims=True)
    samples = (samples * _eased(np.atleast_1d(frames), hop, len(samples))).astype(np.float32)
    above = np.maximum(np.abs(samples) - _KNEE, 0.0)
    bent = _KNEE + (1 - _KNEE) * np.tanh(above / (1 - _KNEE))
    return np.where(above > 0, np.sign(samples) * bent, samples).astype(np.float32)


def _eased(frames: Floats, hop: int, length: int) -> Floats:
    """A factor a frame as one a sample, without steps."""
    return np.interp(np.arange(length), np.arange(len(frames)) * hop, frames).astype(np.float32)
