"""The verbs of the package: `enroll`, `clone`, `convert` (and `convert_stream`), `detect`.

Sound is given as a path, an `Audio`, bytes, an open binary file, or a NumPy array with `rate=`. What is made comes back
marked and with a manifest; there is no way to leave the mark out.
"""

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast, overload

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio, AudioLike, as_audio, speech_segments
from voxproof.cloners import Cloner, at_rate
from voxproof.cloners import load_cloner as _load_cloner
from voxproof.converting import Conversion, LiveConversion
from voxproof.detection import DEFAULT_DETECTOR, Verdict, detect_audio
from voxproof.errors import AudioError, TextError, VoxproofError
from voxproof.models import Card
from voxproof.provenance import Consent, Manifest, Source, UsedCard, consent_note, findings, read_manifest, seal
from voxproof.provenance import require_consent as _kept_consent
from voxproof.speakers import Voice, enroll_voice, load_voice, voice_path
from voxproof.speakers.voice import SUFFIX, check_name
from voxproof.text import PronunciationsLike, load_pronunciations

VoiceLike = Voice | AudioLike | Sequence[AudioLike]
Progress = Callable[[int, float], None]
"""Told how many sentences are spoken and how many seconds they last; first (0, 0.0), when all models are ready."""


@lru_cache(maxsize=4)
def _cloner(name: str, rate: int | None) -> Cloner:
    return at_rate(_load_cloner(name), rate)


def enroll(
    *references: AudioLike, name: str | None = None, consent: str | None = None, rate: int | None = None
) -> Voice:
    """The voice that speaks in one or more recordings; ten seconds are enough, more is better.

    `name` is the first file's stem unless given; `consent` is a note of who agreed to what, kept in the voice.
    Raises `AudioError` for silence, sound without speech, and less than a second of speech.
    """
    if not references:
        raise AudioError("no reference is given: name a recording of the voice")
    first = references[0]
    label = name if name is not None else _voice_name(first)
    record = consent_note(consent).model_dump(mode="json") if consent is not None else None
    return enroll_voice(list(references), label, rate=rate, consent=record)


@overload
def clone(
    text: str,
    voice: VoiceLike,
    *,
    engine: str = ...,
    speed: float = ...,
    seed: int = ...,
    consent: str | None = ...,
    rate: int | None = ...,
    pronunciations: PronunciationsLike | None = ...,
    output_rate: int | None = ...,
    stream: Literal[False] = ...,
    progress: Progress | None = ...,
) -> Audio: ...
@overload
def clone(
    text: str,
    voice: VoiceLike,
    *,
    engine: str = ...,
    speed: float = ...,
    seed: int = ...,
    consent: str | None = ...,
    rate: int | None = ...,
    pronunciations: PronunciationsLike | None = ...,
    output_rate: int | None = ...,
    stream: Literal[True],
    progress: Progress | None = ...,
) -> Iterator[Audio]: ...
def clone(
    text: str,
    voice: VoiceLike,
    *,
    engine: str = "native",
    speed: float = 1.0,
    seed: int = 0,
    consent: str | None = None,
    rate: int | None = None,
    pronunciations: PronunciationsLike | None = None,
    output_rate: int | None = None,
    stream: bool = False,
    progress: Progress | None = None,
) -> Audio | Iterator[Audio]:
    """`text` in somebody's voice: a `Voice`, the name of an enrolled one, or recordings of the speaker.

    Text of any length (100,000 characters at most) is split at sentence ends. With `stream` the sentences come as they
    are made, each marked on its own. `progress` is told of each sentence. `speed` is a factor on the rate of speech
    (0.5 to 2). `output_rate` is 24000 Hz, of which a network makes what lies above 8 kHz, or 16000 Hz without that.

    A text that begins with `<speak` is SSML: `"<speak>Wait <break time='1s'/> for <emphasis>me</emphasis>.</speak>"`.
    Within any text `{HH AH0 L OW1}` is a pronunciation in ARPAbet and `{/həˈloʊ/}` one in IPA. `pronunciations` says
    how words are said wherever they stand: a mapping, as in `{"Nguyen": "/wɪn/", "SQL": "sequel"}`, or a file
    (`voxproof.text.pronunciations`); the user's own file in `voxproof.paths.home()` is read too.

    What had to be left out of the text, and what may spoil a voice, is told by `UserWarning`s. Raises `TextError` (also
    for SSML and pronunciations that are none), `AudioError` (of a reference), `ModelError`, `ConsentError`.
    """
    known = load_pronunciations(pronunciations)
    cloner = _cloner(engine, output_rate)
    speaker, sources = _voice(voice, rate)
    manifest = Manifest(
        kind="clone",
        engine=engine,
        voice=speaker.name,
        seed=seed,
        text=text.encode("utf-8", "replace").decode(),  # half a surrogate pair cannot be written
        consent=_consent(consent, speaker),
        sources=sources,
        cards=_used(cloner.cards),
        settings={"speed": speed, "encoder": speaker.encoder, "pronunciations": len(known), "rate": cloner.rate},
    )
    pieces = cloner.stream(text, speaker, speed=speed, seed=seed, pronunciations=known)
    if progress is not None:
        pieces = _told(pieces, progress)
    if stream:
        return (seal(piece, manifest, fresh=True) for piece in pieces)
    spoken = [piece.samples for piece in pieces]
    if not spoken:
        raise TextError("there is nothing to say in this text")
    return seal(Audio(np.concatenate(spoken), cloner.rate), manifest, fresh=True)


def convert(
    source: AudioLike,
    voice: VoiceLike,
    *,
    engine: str = "ppg",
    seed: int = 0,
    consent: str | None = None,
    rate: int | None = None,
) -> Audio:
    """The speech of `source`, said as it is, in somebody else's voice.

    Timing and melody stay the source's; the melody moves to the target's register. Raises `AudioError` for sound
    without speech, and what `clone` raises.
    """
    speaker, sources = _voice(voice, rate)
    conversion = Conversion(speaker, engine=engine, seed=seed)
    audio = as_audio(source, rate=rate).resampled(conversion.rate)
    if not speech_segments(audio):
        raise AudioError(f"{_label(source)}: there is no speech to convert")
    given = (Source.of(audio, "speech", _label(source)), *sources)
    return conversion.convert(audio, conversion.manifest(_consent(consent, speaker), given))


def convert_stream(
    blocks: Iterable[NDArray[np.floating[Any]]],
    voice: VoiceLike,
    *,
    rate: int,
    engine: str = "ppg",
    seed: int = 0,
    consent: str | None = None,
) -> Iterator[Audio]:
    """Speech that is still coming in, said again in somebody else's voice: an `Audio` for each utterance.

    `blocks` are mono samples at `rate` Hz, floats in [-1, 1], in arrays `(n,)` of any size, as a microphone gives them.
    An utterance ends at a pause of 0.4 s, or after 6 s at a quiet place; it comes as soon as it has ended, as `convert`
    would say it, and the silence around it is left out. Each is marked on its own, with the number of one manifest.

    Raises what `convert` raises, before the first block is taken; sound without speech gives no piece. An utterance in
    which no mark holds is left out, which a `UserWarning` tells.
    """
    return live_conversion(voice, rate=rate, engine=engine, seed=seed, consent=consent).stream(blocks)


def live_conversion(
    voice: VoiceLike, *, rate: int, engine: str = "ppg", seed: int = 0, consent: str | None = None
) -> LiveConversion:
    """What `convert_stream` works with, for those who are given blocks instead of asking for them."""
    several = voice if isinstance(voice, list | tuple) else [voice]
    speaker, sources = _voice(voice, rate if any(isinstance(one, np.ndarray) for one in several) else None)
    conversion = Conversion(speaker, engine=engine, seed=seed)
    return LiveConversion(conversion, conversion.manifest(_consent(consent, speaker), sources, live=True), rate)


def detect(source: AudioLike, *, model: str | None = None, rate: int | None = None, explain: bool = False) -> Verdict:
    """Was this spoken, or made? A `Verdict` with scores over time and what the file carries (mark, manifest).

    With `explain` it also has an `explanation`: the most suspicious seconds and the bands that moved the score. Sound
    that can be read always gets a verdict; what cannot be judged is `uncertain` and says why. Raises `AudioError` for
    what cannot be read.
    """
    audio = as_audio(source, rate=rate)
    verdict = detect_audio(audio, model=DEFAULT_DETECTOR if model is None else model, explain=explain)
    if isinstance(source, str | os.PathLike):
        return verdict.with_findings(*findings(audio, os.fspath(source), lambda: read_manifest(source)))
    return verdict.with_findings(*findings(audio))


def _told(pieces: Iterator[Audio], progress: Progress) -> Iterator[Audio]:
    seconds = 0.0
    progress(0, seconds)
    for number, piece in enumerate(pieces, 1):
        seconds += piece.duration
        progress(number, seconds)
        yield piece


def _voice(voice: VoiceLike, rate: int | None) -> tuple[Voice, tuple[Source, ...]]:
    """The voice that is meant, and the recordings that were given for it."""
    if isinstance(voice, Voice):
        return voice, ()
    if isinstance(voice, str | os.PathLike):
        named = str(voice)
        if named.endswith(SUFFIX):
            return Voice.load(named), ()
        if not Path(named).exists() and (not Path(named).suffix or _is_enrolled(named)):
            return load_voice(named), ()
    several = list(voice) if isinstance(voice, list | tuple) else [cast(AudioLike, voice)]
    read = [as_audio(one, rate=rate) for one in several]
    label = _voice_name(several[0]) if several else "voice"
    sources = tuple(Source.of(a, "reference", _label(one)) for one, a in zip(several, read, strict=True))
    enrolled = enroll_voice(read, label)
    for note in enrolled.notes:
        warnings.warn(f"the voice: {note}", stacklevel=3)
    return enrolled, sources


def _is_enrolled(name: str) -> bool:
    try:
        return voice_path(name).is_file()
    except VoxproofError:  # no name that a voice could have
        return False


def _voice_name(reference: AudioLike) -> str:
    """What a voice is called that got no name: as its first file, if that can be a name."""
    if not isinstance(reference, str | os.PathLike):
        return "voice"
    stem = Path(reference).stem.strip()
    try:
        check_name(stem)
    except VoxproofError:
        return "voice"
    return stem


def _consent(note: str | None, voice: Voice) -> Consent | None:
    if note is not None:
        return consent_note(note)
    return _kept_consent(voice.consent, voice=f"voice {voice.name!r}", required=False)


def _used(cards: tuple[Card, ...]) -> tuple[UsedCard, ...]:
    return tuple(UsedCard(name=card.name, sha256=card.sha256) for card in cards)


def _label(source: AudioLike) -> str:
    return Path(source).name if isinstance(source, str | os.PathLike) else ""


__all__ = ["clone", "convert", "convert_stream", "detect", "enroll"]
