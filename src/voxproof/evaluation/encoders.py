"""How well speaker encoders tell voices apart: EER on speakers that none of them was trained on.

Two sets of trials: on the bank, each real utterance against 10 s of reference of every speaker of the gender; on the
development split of the detector's speech, every pair of real clips whose speakers are known and of one gender.
"""

import csv
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from voxproof.audio import Audio, read_audio
from voxproof.errors import AudioError, CorpusError, ModelError
from voxproof.evaluation.bank import HEADLINE, Bank
from voxproof.evaluation.bootstrap import Interval, bootstrap
from voxproof.evaluation.detection_metrics import Trials, eer
from voxproof.evaluation.report import Report, Table
from voxproof.evaluation.similarity import Embedding, cosine
from voxproof.evaluation.tasks import Advance, silent
from voxproof.models import load_card, shown_name
from voxproof.speakers import SpeakerEncoder, load_encoder

NOBODY = ("unknown", "+unknown", "picovoice")  # in a speaker's id: several people may share it


@dataclass(frozen=True)
class HeldOut:
    """A clip of the development split whose speaker and gender are known."""

    path: Path
    speaker: str
    gender: str


@dataclass(frozen=True)
class EncoderFigures:
    """Of one encoder: EER on both sets with the numbers of trials, and how fast it is."""

    name: str
    dim: int
    bank: Interval
    bank_trials: tuple[int, int]
    dev: Interval | None
    dev_trials: tuple[int, int]
    rtf: float

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "dim": self.dim, "bank_eer": self.bank, "bank_trials": self.bank_trials, "dev_eer": self.dev,
            "dev_trials": self.dev_trials, "rtf": self.rtf,
        }  # fmt: skip


def held_out_clips(speech: Path) -> list[HeldOut]:
    """Real clips of the split `dev` by speakers that have at least two of them.

    Raises `CorpusError` if there is no manifest in the folder.
    """
    manifest = speech / "manifest.tsv"
    if not manifest.is_file():
        raise CorpusError(f"{manifest}: there is no manifest of speech; name its folder with --speech")
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["split"] == "dev" and row["label"] == "real" and row["gender"] and row["speaker"]
        ]
    known = [row for row in rows if not any(mark in row["speaker"] for mark in NOBODY)]
    counts: dict[str, int] = {}
    for row in known:
        counts[row["speaker"]] = counts.get(row["speaker"], 0) + 1
    return [
        HeldOut(speech / row["path"], row["speaker"], row["gender"].lower()[:1])
        for row in known
        if counts[row["speaker"]] > 1
    ]


class _Embedder:
    """An encoder with a clock around it."""

    def __init__(self, encoder: SpeakerEncoder) -> None:
        self.encoder = encoder
        self.taken = 0.0
        self.heard = 0.0

    def __call__(self, audio: Audio) -> Embedding:
        start = time.perf_counter()
        embedding = self.encoder.embed(audio)
        self.taken += time.perf_counter() - start
        self.heard += audio.duration
        return embedding


def evaluate_encoder(
    name: str, bank: Bank, dev: Sequence[HeldOut] = (), *, limit: int | None = None, advance: Advance = silent
) -> EncoderFigures:
    """Both EERs of the encoder of that name, or whose card lies in that folder (`runs/ge2e`).

    Intervals are over the speaker of the test clip.
    """
    embed = _Embedder(load_encoder(name))
    name = shown_name(embed.encoder.card)
    speakers = bank.some(limit)
    references = {}
    for done, speaker in enumerate(speakers):
        advance(f"{name}: bank", done, len(speakers))
        references[speaker.name] = (speaker.gender, embed(speaker.reference(HEADLINE)))
    bank_scores = [
        (speaker.name, other == speaker.name, cosine(heard, reference))
        for speaker in speakers
        for heard in [embed(clip.audio()) for clip in speaker.real]
        for other, (gender, reference) in references.items()
        if gender == speaker.gender
    ]
    advance(f"{name}: bank", len(speakers), len(speakers))
    embedded: list[tuple[HeldOut, Embedding]] = []
    for done, clip in enumerate(dev):
        advance(f"{name}: dev", done, len(dev))
        try:
            embedded.append((clip, embed(read_audio(clip.path, rate=16_000))))
        except AudioError:
            continue  # half a second of a wake word, say: nothing that an encoder can tell a voice by
    advance(f"{name}: dev", len(dev), len(dev))
    dev_scores = [
        (one.speaker, one.speaker == two.speaker, cosine(heard, other))
        for (one, heard), (two, other) in combinations(embedded, 2)
        if one.gender == two.gender
    ]
    figure, trials = _eer(bank_scores)
    dev_figure, dev_trials = _eer(dev_scores) if dev_scores else (None, (0, 0))
    return EncoderFigures(
        name, embed.encoder.dim, figure, trials, dev_figure, dev_trials, embed.taken / max(embed.heard, 1e-9)
    )


def _eer(scores: Iterable[tuple[str, bool, float]]) -> tuple[Interval, tuple[int, int]]:
    names, same, values = zip(*scores, strict=True)
    trials = Trials(np.array(values, np.float64), np.array(same, bool))
    found = bootstrap(lambda weights: eer(trials, weights), names)
    return found, (int(trials.positive.sum()), int((~trials.positive).sum()))


def encoder_report(
    names: Sequence[str],
    bank: Bank,
    speech: Path | None = None,
    *,
    limit: int | None = None,
    command: str = "",
    advance: Advance = silent,
) -> Report:
    """All encoders beside each other, each by name or by its card's folder; without `speech` on the bank alone.

    Raises `ModelError` where two of the folders have one name: the report could not tell them apart.
    """
    called = [shown_name(load_card(name)) for name in names]
    if twice := {name for name in called if called.count(name) > 1}:
        raise ModelError(f"two encoders are called {min(twice)}: give each folder a name of its own")
    dev = held_out_clips(speech) if speech is not None else []
    found = [evaluate_encoder(name, bank, dev, limit=limit, advance=advance) for name in names]
    rows: list[list[object]] = [
        [one.name, one.dim, one.bank, one.dev if one.dev is not None else None, f"{one.rtf:.4f}"] for one in found
    ]
    first = found[0]
    note = (
        f"Bank: {first.bank_trials[0]} target and {first.bank_trials[1]} non-target trials of one gender, each real "
        f"utterance against {HEADLINE} s of reference. "
    )
    if dev:
        several = len({clip.speaker for clip in dev})
        note += (
            f"Dev: {first.dev_trials[0]} and {first.dev_trials[1]} pairs of real clips of {several} speakers, pairs of "
            "one gender; clips of one speaker mostly share a channel there, which helps."
        )
    table = Table(
        "Equal error rate on held-out speakers", ["encoder", "values", "EER, bank", "EER, dev", "RTF"], rows, note=note
    )
    return Report("Speaker encoders", [table], {one.name: one for one in found}, {}, command)
