"""Conversions between the bank's speakers: made, kept and measured.

What speaker i should sound like is said by the next speaker of the same gender and the next of the other, in all their
real utterances. The words and the melody should stay, the voice should be speaker i's.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof import api
from voxproof.audio import Audio, read_audio
from voxproof.evaluation.bank import HEADLINE, Bank, Clip, Speaker, load_bank
from voxproof.evaluation.bootstrap import mean_interval
from voxproof.evaluation.clone_report import similarity_judges
from voxproof.evaluation.clones import SEED, default_run
from voxproof.evaluation.measures import Measures, measure
from voxproof.evaluation.recognition import DEFAULT
from voxproof.evaluation.report import Report, Table
from voxproof.evaluation.similarity import SimilarityJudge, Utterance, cosine
from voxproof.evaluation.summary import kept_beside, measure_real, spoken_figures
from voxproof.evaluation.tasks import Advance, run_tasks, silent
from voxproof.evaluation.verification import verification_eer
from voxproof.features import MEL, f0
from voxproof.speakers import JUDGE, enroll_voice

ENGINE = "ppg"
FEWEST_VOICED = 10  # frames voiced in both, to speak of a correlation


@dataclass(frozen=True)
class Conversion:
    """One conversion: whose voice, whose speech, and where it lies."""

    target: Speaker
    source: Speaker
    clip: Clip
    path: Path

    @property
    def same_gender(self) -> bool:
        """Whether source and target are of one gender."""
        return self.target.gender == self.source.gender

    def audio(self) -> Audio:
        """The clip as a listener gets it."""
        return read_audio(self.path)


@dataclass(frozen=True)
class _Task:
    bank: Path
    run: Path
    engine: str
    target: int
    recogniser: str
    fresh: bool


def planned_conversions(bank: Bank, run: Path, limit: int | None = None) -> list[Conversion]:
    """All conversions in the protocol's order, whether they exist yet or not."""
    return [
        Conversion(target, source, clip, run / target.name / f"{source.name}-{clip.path.stem}.wav")
        for target in bank.some(limit)
        for source in bank.sources_for(target)
        for clip in source.real
    ]


def pitch_correlation(source: Audio, converted: Audio) -> float:
    """Pearson correlation of log pitch over the frames voiced in both; NaN if there are hardly any."""
    one, two = (_pitch(audio) for audio in (source, converted))
    frames = min(len(one), len(two))
    one, two = one[:frames], two[:frames]
    both = (one > 0) & (two > 0)
    if both.sum() < FEWEST_VOICED:
        return float("nan")
    logs = np.log(one[both]), np.log(two[both])
    if min(values.std() for values in logs) < 1e-6:
        return float("nan")
    return float(np.corrcoef(*logs)[0, 1])


def _pitch(audio: Audio) -> NDArray[np.float32]:
    return f0(audio.resampled(MEL.rate).samples, MEL.rate, MEL.hop)


@lru_cache(maxsize=1)
def _bank(folder: Path) -> Bank:
    return load_bank(folder)


def _convert_and_measure(task: _Task) -> None:
    bank = _bank(task.bank)
    target = bank.speakers[task.target]
    wanted = [one for one in planned_conversions(bank, task.run) if one.target.name == target.name]
    missing = [one for one in wanted if task.fresh or not one.path.is_file()]
    if missing:
        voice = enroll_voice(target.reference(HEADLINE), target.name)
        for one in missing:
            one.path.parent.mkdir(parents=True, exist_ok=True)
            api.convert(one.clip.audio(), voice, engine=task.engine, seed=SEED).save(one.path)
    for one in wanted:
        _measured(one, task.recogniser)


def _measured(one: Conversion, recogniser: str) -> Measures:
    return measure(one.audio(), one.clip.text, kept_beside(one.path), recogniser)


def conversion_report(
    bank: Bank,
    *,
    engine: str = ENGINE,
    run: Path | None = None,
    limit: int | None = None,
    recogniser: str = DEFAULT,
    judge_name: str = JUDGE,
    jobs: int = 1,
    fresh: bool = False,
    command: str = "",
    advance: Advance = silent,
) -> Report:
    """Make and measure the conversions of one engine and write the tables; a voice is enrolled from 10 s."""
    judges = similarity_judges(bank, judge_name)
    run = run or default_run("conversions", engine, bank)
    tasks = [_Task(bank.folder, run, engine, speaker.number, recogniser, fresh) for speaker in bank.some(limit)]
    run_tasks(_convert_and_measure, tasks, what="voices converted to", jobs=jobs, advance=advance)
    found = [(one, _measured(one, recogniser)) for one in planned_conversions(bank, run, limit)]
    sources = {one.source.number: one.source for one, _ in found}
    real = measure_real(bank, [sources[number] for number in sorted(sources)], recogniser)
    groups = {
        "all": found,
        "same gender": [pair for pair in found if pair[0].same_gender],
        "other gender": [pair for pair in found if not pair[0].same_gender],
    }
    figures = {name: _figures(pairs, judges) for name, pairs in groups.items() if pairs}
    spoken = spoken_figures(real)
    rows: list[list[object]] = []
    for name, row in figures.items():
        similar = row[judge_name]
        rows.append(
            [
                name,
                row["clips"],
                row["wer"],
                row["cer"],
                similar["similarity"].normalised,
                similar["similarity"].clone,
                similar["to_source"],
                similar["verification_eer"],
                row["pitch_correlation"],
                f"{row['distillmos']:.2f}",
            ]
        )
    rows.append(["sources", len(real), spoken["wer"], spoken["cer"], *[None] * 5, f"{spoken['distillmos']:.2f}"])
    table = Table(
        "Conversions to 10 s of reference",
        ["pairs", "clips", "WER", "CER", "normalised similarity", "cosine to target", "cosine to source",
         "verification EER", "pitch correlation", "DistillMOS"],
        rows,
        note=f"Similarity by {judge_name}; intervals over target speakers. WER against the text of the source.",
    )  # fmt: skip
    about = {"Engine": engine, "Recogniser": f"Whisper {recogniser}, greedy, int8", "Judge": judge_name}
    return Report(f"Conversions by {engine}", [table], {**figures, "sources": spoken}, about, command)


def _figures(pairs: list[tuple[Conversion, Measures]], judges: dict[str, SimilarityJudge]) -> dict[str, Any]:
    names = [one.target.name for one, _ in pairs]
    figures: dict[str, Any] = {"clips": len(pairs), **spoken_figures([(one.target, found) for one, found in pairs])}
    pitches = np.array([pitch_correlation(one.clip.audio(), one.audio()) for one, _ in pairs])
    known = np.isfinite(pitches)
    figures["pitch_correlation"] = mean_interval(
        pitches[known], [name for name, good in zip(names, known, strict=True) if good]
    )
    for name, judge in judges.items():
        utterances = [Utterance(one.target, judge.embed(one.audio())) for one, _ in pairs]
        to_source = [
            cosine(heard.embedding, judge.means[one.source.name])
            for (one, _), heard in zip(pairs, utterances, strict=True)
        ]
        figures[name] = {
            "similarity": judge.figures([judge.cosines(one.speaker, one.embedding) for one in utterances]),
            "verification_eer": verification_eer(judge, utterances),
            "to_source": mean_interval(to_source, names),
        }
    return figures
