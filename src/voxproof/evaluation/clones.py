"""Clones of the bank's speakers saying the bank's texts: made, kept and measured.

Each speaker's voice is enrolled from references of several lengths and says four texts (`bank`). The clips stay in a
run folder, with what was measured of them, so that an interrupted run goes on where it stopped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from voxproof import api
from voxproof.audio import Audio, read_audio
from voxproof.errors import VoxproofError
from voxproof.evaluation.bank import HEADLINE, LENGTHS, Bank, Speaker, Text, load_bank
from voxproof.evaluation.identity import identity
from voxproof.evaluation.measures import Measures, measure
from voxproof.evaluation.recognition import DEFAULT
from voxproof.evaluation.summary import kept_beside
from voxproof.evaluation.tasks import Advance, run_tasks, silent
from voxproof.evaluation.vocoder import copy_synthesis
from voxproof.paths import cache
from voxproof.speakers import CONDITIONING, enroll_voice
from voxproof.vocoders import load_vocoder

NATIVE = "native"
SEED = 0


@dataclass(frozen=True)
class Clone:
    """One clone: who should say what, from how much reference, and where it lies."""

    speaker: Speaker
    length: str
    text: Text
    path: Path

    def audio(self) -> Audio:
        """The clip as a listener gets it: decoded from its file, marked."""
        return read_audio(self.path)


@dataclass(frozen=True)
class _Task:
    """Everything that one process needs to make and measure the clones of one voice."""

    bank: Path
    run: Path
    engine: str
    speaker: int
    length: str
    recogniser: str
    encoder: str
    fresh: bool


def default_run(what: str, engine: str, bank: Bank, encoder: str = CONDITIONING) -> Path:
    """A folder in the cache that belongs to this engine, conditioned so, with these weights and this code."""
    called = "+".join(Path(part).name for part in engine.split("+"))
    return cache() / "evaluation" / what / f"{called}-{encoder}-{identity(engine, bank.folder)}"


def planned(bank: Bank, run: Path, lengths: Sequence[str] = (HEADLINE,), limit: int | None = None) -> list[Clone]:
    """All clones of a run in the protocol's order, whether they exist yet or not."""
    return [
        Clone(speaker, length, text, run / length / speaker.name / f"{text.id}.wav")
        for length in lengths
        for speaker in bank.some(limit)
        for text in bank.texts_for(speaker)
    ]


def make_clones(
    bank: Bank,
    run: Path,
    *,
    engine: str = NATIVE,
    lengths: Sequence[str] = (HEADLINE,),
    limit: int | None = None,
    recogniser: str = DEFAULT,
    encoder: str = CONDITIONING,
    jobs: int = 1,
    fresh: bool = False,
    advance: Advance = silent,
) -> list[tuple[Clone, Measures]]:
    """Make the clones that are not there yet, measure those that are not measured yet, and give all of them.

    `encoder` enrols the voices. `fresh` makes all clones anew. Raises `VoxproofError` for an unknown length, and
    whatever the engine refuses with.
    """
    for length in lengths:
        if length not in LENGTHS:
            raise VoxproofError(f"a reference of {length!r} seconds is not in the protocol: {', '.join(LENGTHS)}")
    tasks = [
        _Task(bank.folder, run, engine, speaker.number, length, recogniser, encoder, fresh)
        for length in lengths
        for speaker in bank.some(limit)
    ]
    run_tasks(_clone_and_measure, tasks, what="voices cloned", jobs=jobs, advance=advance)
    return [(clone, _measured(clone, recogniser)) for clone in planned(bank, run, lengths, limit)]


@lru_cache(maxsize=1)
def _bank(folder: Path) -> Bank:
    return load_bank(folder)


def _clone_and_measure(task: _Task) -> None:
    bank = _bank(task.bank)
    speaker = bank.speakers[task.speaker]
    wanted = [clone for clone in planned(bank, task.run, (task.length,)) if clone.speaker.name == speaker.name]
    missing = [clone for clone in wanted if task.fresh or not clone.path.is_file()]
    if missing:
        voice = enroll_voice(speaker.reference(task.length), speaker.name, encoder=task.encoder)
        for clone in missing:
            clone.path.parent.mkdir(parents=True, exist_ok=True)
            api.clone(clone.text.text, voice, engine=task.engine, seed=SEED).save(clone.path)
    for clone in wanted:
        _measured(clone, task.recogniser)


def _measured(clone: Clone, recogniser: str) -> Measures:
    return measure(clone.audio(), clone.text.text, kept_beside(clone.path), recogniser)


def copies(
    bank: Bank, run: Path, limit: int | None, recogniser: str, *, vocoder: str | None = None, advance: Advance = silent
) -> list[tuple[Speaker, Measures]]:
    """The real utterances through mel and vocoder, measured: what a perfect synthesizer would reach."""
    engine = load_vocoder() if vocoder is None else load_vocoder(vocoder)
    work = [(speaker, clip) for speaker in bank.some(limit) for clip in speaker.real]
    found: list[tuple[Speaker, Measures]] = []
    for done, (speaker, clip) in enumerate(work):
        advance("copy-synthesis", done, len(work))
        copy = copy_synthesis(engine, clip.audio())
        found.append((speaker, measure(copy, clip.text, run / "copies" / f"{clip.id}.json", recogniser)))
    advance("copy-synthesis", len(work), len(work))
    return found
