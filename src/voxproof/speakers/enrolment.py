"""From recordings of somebody to a `Voice`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio, AudioLike, read_audio
from voxproof.audio.quality import GOOD_SPEECH_S, grade_reference
from voxproof.errors import AudioError
from voxproof.features.pitch import f0
from voxproof.speakers.encoder import CONDITIONING, Floats, SpeakerEncoder, load_encoder
from voxproof.speakers.voice import Voice, check_name

RATE = 16_000  # Hz
WINDOW_SECONDS = 2.0
STEP_SECONDS = 1.0
MOST_WINDOWS = 60  # of one reference; a long one is looked at in larger steps
_FEWEST_WINDOWS = 2  # that a second voice must fill
# Whole references of one speaker differ more than parts of one recording do: rooms, microphones and years differ.
_BETWEEN_REFERENCES = 0.05


@dataclass(frozen=True)
class _Speech:
    """The stretches of one reference that hold speech, joined, and where they were."""

    label: str
    segments: tuple[tuple[float, float], ...]  # seconds in the reference
    samples: Floats

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE

    def time(self, seconds: float) -> float:
        """The place in the reference of a place in the joined speech, both in seconds."""
        for start, end in self.segments:
            if seconds <= end - start:
                return start + seconds
            seconds -= end - start
        return self.segments[-1][1]


def enroll_voice(
    references: AudioLike | Sequence[AudioLike],
    name: str,
    *,
    rate: int | None = None,
    encoder: str = CONDITIONING,
    consent: Mapping[str, Any] | None = None,
) -> Voice:
    """The voice that speaks in one or more references.

    Only stretches with speech count; each reference weighs as much as it has speech. `rate` (Hz) is needed for arrays.
    The notes of the voice say what may spoil it: little speech, noise, clipping, two very different voices with the
    times of both, and references of several that are left out. Raises `AudioError` when no reference is usable:
    silence, sound without speech, less than a second of speech.
    """
    check_name(name)
    several = list(references) if isinstance(references, list | tuple) else [cast(AudioLike, references)]
    if not several:
        raise AudioError(f"voice {name!r}: no reference is given")
    notes: list[str] = []
    found: list[_Speech] = []
    unusable: list[AudioError] = []
    for number, reference in enumerate(several, 1):
        label = str(reference) if isinstance(reference, str | PathLike) else f"reference {number}"
        audio = _read(reference, rate)
        try:
            grade = grade_reference(audio, label)
        except AudioError as error:
            unusable.append(error)
            continue
        # The first note tells of little speech; of several references only their sum counts.
        short = grade.speech < GOOD_SPEECH_S and len(several) > 1
        notes += [f"{label}: {note}" for note in grade.notes[short:]]
        pieces = [audio.samples[round(start * RATE) : round(end * RATE)] for start, end in grade.segments]
        found.append(_Speech(label, grade.segments, np.concatenate(pieces)))
    if not found:
        raise unusable[0]
    notes += [f"left out: {error}" for error in unusable]
    seconds = sum(speech.seconds for speech in found)
    if len(several) > 1 and seconds < GOOD_SPEECH_S:
        notes.append(f"only {seconds:.1f} s of speech together: {GOOD_SPEECH_S:.0f} s or more give a better likeness")
    model = load_encoder(encoder)
    for speech in found:
        notes += _two_voices(speech, model)
    each = [model.embed(Audio(speech.samples, RATE)) for speech in found]
    notes += _differing([speech.label for speech in found], each, model)
    return Voice(
        name=name,
        embedding=_unit(sum(np.float32(speech.seconds) * one for speech, one in zip(found, each, strict=True))),
        encoder=model.name,
        seconds=round(seconds, 2),
        f0=round(_median_pitch(found), 1),
        notes=tuple(notes),
        consent=consent,
    )


def _read(reference: AudioLike, rate: int | None) -> Audio:
    if isinstance(reference, np.ndarray):
        return read_audio(reference, rate=rate).resampled(RATE)
    return read_audio(reference, rate=RATE)


def _median_pitch(found: list[_Speech]) -> float:
    voiced = np.concatenate([f0(speech.samples, RATE) for speech in found])
    voiced = voiced[voiced > 0]
    return float(np.median(voiced)) if len(voiced) else 0.0


def _two_voices(speech: _Speech, model: SpeakerEncoder) -> list[str]:
    """A warning with both times if the windows of a reference fall into two groups that are far apart."""
    window, step = round(WINDOW_SECONDS * RATE), round(STEP_SECONDS * RATE)
    last = len(speech.samples) - window
    if model.different_below is None or last < (2 * _FEWEST_WINDOWS - 1) * step:
        return []
    starts = np.arange(0, last + 1, max(step, last // MOST_WINDOWS))
    windows = np.stack([model.embed(Audio(speech.samples[start : start + window], RATE)) for start in starts])
    second = _split(windows)
    if min(int(second.sum()), int((~second).sum())) < _FEWEST_WINDOWS:
        return []
    centres = [_unit(windows[chosen].sum(axis=0)) for chosen in (~second, second)]
    if float(centres[0] @ centres[1]) >= model.different_below:
        return []
    first_times, second_times = (
        _longest(speech, starts[chosen] / RATE, float(starts[1] - starts[0]) / RATE) for chosen in (~second, second)
    )
    earlier, later = sorted([first_times, second_times])
    return [
        f"{speech.label}: two very different voices, at {earlier[0]:.1f}-{earlier[1]:.1f} s and "
        f"{later[0]:.1f}-{later[1]:.1f} s; give one speaker alone"
    ]


def _split(windows: Floats) -> NDArray[np.bool_]:
    """Two groups by spherical k-means from the two windows that are least alike: True for the second group."""
    first, second = (windows[place] for place in np.unravel_index(np.argmin(windows @ windows.T), (len(windows),) * 2))
    chosen: NDArray[np.bool_] = windows @ second > windows @ first
    for _ in range(20):
        if chosen.all() or not chosen.any():
            break
        first, second = _unit(windows[~chosen].sum(axis=0)), _unit(windows[chosen].sum(axis=0))
        again = windows @ second > windows @ first
        if np.array_equal(again, chosen):
            break
        chosen = again
    return chosen


def _longest(speech: _Speech, starts: NDArray[np.float64], step: float) -> tuple[float, float]:
    """The longest run of neighbouring windows, as times in the reference."""
    runs: list[list[float]] = []
    for start in starts:
        if runs and start - runs[-1][-1] <= 1.5 * step:
            runs[-1].append(float(start))
        else:
            runs.append([float(start)])
    run = max(runs, key=len)
    # A window's edges may reach into the other voice: name what lies between their middles.
    return speech.time(run[0] + WINDOW_SECONDS / 4), speech.time(run[-1] + 3 * WINDOW_SECONDS / 4)


def _differing(labels: list[str], embeddings: list[Floats], model: SpeakerEncoder) -> list[str]:
    """A warning for every reference that sounds like another speaker than the first."""
    if model.different_below is None:
        return []
    return [
        f"{labels[0]} and {label} sound like two different speakers"
        for label, embedding in zip(labels[1:], embeddings[1:], strict=True)
        if float(embeddings[0] @ embedding) < model.different_below - _BETWEEN_REFERENCES
    ]


def _unit(vector: Any) -> Floats:
    unit: Floats = (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
    return unit
