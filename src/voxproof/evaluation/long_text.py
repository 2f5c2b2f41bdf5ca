"""A text of many minutes, cloned in one go: sentences lost or said twice, errors, drift from beginning to end, cost.

Each voice speaks in a process of its own, so that time and memory are those of cloning alone. The whole is then cut at
pauses, wherever sentences end, and each piece goes to the recogniser.
"""

import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof import api
from voxproof.audio import Audio
from voxproof.audio.loudness import loudness
from voxproof.errors import TextError
from voxproof.evaluation.bootstrap import Interval, ratio_interval
from voxproof.evaluation.cost import WARM_UP, peak_memory
from voxproof.evaluation.normaliser import normalise
from voxproof.evaluation.passage import SaidSentence, follow
from voxproof.evaluation.recognition import DEFAULT, Recogniser
from voxproof.evaluation.tasks import Advance, silent
from voxproof.features import f0
from voxproof.models import thread_count
from voxproof.speakers import Voice
from voxproof.text.sentences import paragraphs, whole_sentences

PIECE = (15.0, 28.0)  # seconds between which a piece for the recogniser may end; Whisper hears at most 30
PARTS = 10  # of the sound, for drift
_QUIET = 0.1  # seconds over which the level is taken where a pause is looked for


@dataclass(frozen=True)
class Spoken:
    """What speaking the text took, in a process of its own: seconds of sound, seconds of work, bytes at most."""

    seconds: float
    seconds_taken: float
    peak_memory: int
    threads: int


@dataclass(frozen=True)
class Drift:
    """Loudness in LUFS and median f0 in Hz of each tenth of the sound."""

    loudness: tuple[float, ...]
    f0: tuple[float, ...]

    @property
    def louder(self) -> float:
        """The last tenth against the first, in LU."""
        return self.loudness[-1] - self.loudness[0]

    @property
    def higher(self) -> float:
        """The last tenth against the first, in semitones."""
        return semitones(self.f0[-1], self.f0[0])


@dataclass(frozen=True)
class LongClone:
    """Everything that is measured of one voice; `thirds` are error rates of the sentences' first, second, last third.

    Intervals are over sentences.
    """

    voice: str
    sentences: list[SaidSentence]
    wer: Interval
    thirds: tuple[Interval, Interval, Interval]
    drift: Drift
    spoken: Spoken

    def count(self, what: str) -> int:
        """How many sentences were `skipped`, `doubled` or `garbled`."""
        return sum(getattr(one, what) for one in self.sentences)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        counts = {what: self.count(what) for what in ("skipped", "doubled", "garbled")}
        drift = {"loudness_lu": self.drift.louder, "f0_semitones": self.drift.higher}
        return {
            **counts,
            "sentences": len(self.sentences),
            "wer": self.wer,
            "thirds": self.thirds,
            "drift": {**drift, **asdict(self.drift)},
            **asdict(self.spoken),
            "rtf": self.spoken.seconds_taken / self.spoken.seconds,
        }


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, in order; `TextError` if there is none."""
    found = [sentence for paragraph in paragraphs(text) for sentence in whole_sentences(paragraph)]
    if not found:
        raise TextError("there is no sentence in the text")
    return found


def evaluate_long_text(
    text: str,
    voices: Sequence[Voice],
    *,
    engine: str = "native",
    recogniser: str = DEFAULT,
    keep: Path | None = None,
    advance: Advance = silent,
) -> list[LongClone]:
    """Clone `text` in each voice and measure it. `keep` is a folder for the sound, one file a voice.

    Raises what `api.clone` raises.
    """
    ears = Recogniser(recogniser)
    found = []
    for done, voice in enumerate(voices):
        advance("voices cloned", done, len(voices))
        # The sound comes back through the pipe: a file of more than ten minutes is longer than the reader takes.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            audio, spoken = pool.submit(_speak, text, voice, engine).result()
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            audio.save(keep / f"{voice.name}.wav")
        found.append(_measured(text, voice.name, audio, spoken, ears, advance))
    advance("voices cloned", len(voices), len(voices))
    return found


def _speak(text: str, voice: Voice, engine: str) -> tuple[Audio, Spoken]:
    api.clone(WARM_UP, voice, engine=engine)  # graphs open before the clock runs
    start = time.perf_counter()
    audio = api.clone(text, voice, engine=engine)
    taken = time.perf_counter() - start
    return audio, Spoken(audio.duration, taken, peak_memory(), thread_count())


def _measured(text: str, voice: str, audio: Audio, spoken: Spoken, ears: Recogniser, advance: Advance) -> LongClone:
    pieces = at_pauses(audio)
    heard = []
    for done, piece in enumerate(pieces):
        advance(f"{voice} heard", done, len(pieces))
        heard.append(ears.transcribe(piece))
    advance(f"{voice} heard", len(pieces), len(pieces))
    said = follow([normalise(sentence) for sentence in sentences_of(text)], normalise(" ".join(heard)))
    first, second, last = (_rate([said[place] for place in part]) for part in np.array_split(np.arange(len(said)), 3))
    return LongClone(voice, said, _rate(said), (first, second, last), drift_of(audio), spoken)


def _rate(said: Sequence[SaidSentence]) -> Interval:
    errors = [one.errors for one in said]
    return ratio_interval([one.edits for one in errors], [one.length for one in errors], range(len(said)))


def at_pauses(audio: Audio) -> list[Audio]:
    """The sound in pieces of 15 to 28 s (the last may be shorter), each cut at its quietest place."""
    shortest, longest = (round(seconds * audio.rate) for seconds in PIECE)
    width = max(1, round(_QUIET * audio.rate))
    power = np.convolve(audio.samples.astype(np.float64) ** 2, np.full(width, 1 / width), mode="same")
    pieces = []
    start = 0
    while len(audio.samples) - start > longest:
        end = start + shortest + int(np.argmin(power[start + shortest : start + longest]))
        pieces.append(Audio(audio.samples[start:end], audio.rate))
        start = end
    return [*pieces, Audio(audio.samples[start:], audio.rate)]


def drift_of(audio: Audio) -> Drift:
    """Loudness and median pitch of each tenth; NaN for the pitch of one without any voiced frame."""
    tenths = [Audio(part, audio.rate) for part in np.array_split(audio.samples, PARTS)]
    return Drift(tuple(loudness(one) for one in tenths), tuple(_median_pitch(one) for one in tenths))


def _median_pitch(audio: Audio) -> float:
    pitch: NDArray[np.float32] = f0(audio.samples, audio.rate)
    voiced = pitch[pitch > 0]
    return float(np.median(voiced)) if len(voiced) else float("nan")


def semitones(frequency: float, other: float) -> float:
    """How far `frequency` lies above `other`."""
    return float(12 * np.log2(frequency / other))
