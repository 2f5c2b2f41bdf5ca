"""Synthesizers beside each other: the bank's voices say the bank's texts through one vocoder.

Rows may be designs (Cantor, FastSpeech 2, Tacotron 2), one design after more and more training, or the same weights in
other precisions: whatever has a card.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voxproof.errors import ModelError
from voxproof.evaluation.bank import HEADLINE, Bank
from voxproof.evaluation.bootstrap import Interval
from voxproof.evaluation.clone_report import clone_cost, similarity_of
from voxproof.evaluation.clones import default_run, make_clones
from voxproof.evaluation.recognition import DEFAULT
from voxproof.evaluation.report import Report, Table
from voxproof.evaluation.similarity import SimilarityFigures, SimilarityJudge, Utterance
from voxproof.evaluation.summary import spoken_figures
from voxproof.evaluation.tasks import Advance, silent
from voxproof.evaluation.verification import verification_eer
from voxproof.models import Card, is_path, load_card, shown_name
from voxproof.speakers import JUDGE, load_encoder
from voxproof.vocoders import DEFAULT as VOCODER


@dataclass(frozen=True)
class SynthesizerFigures:
    """What the clones of one synthesizer measured; `minutes` of training and `hours` of speech heard, if known."""

    name: str
    parameters: int
    megabytes: float
    minutes: float | None
    hours: float | None
    wer: dict[str, Interval]  # by the length of the texts, and of "all"
    similarity: SimilarityFigures
    verification_eer: Interval
    distillmos: Interval
    rtf: float | None  # of clones on two cores

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return dict(vars(self))


def _card(name: str) -> Card:
    return load_card(name.partition("+")[0])


def evaluate_synthesizer(
    name: str,
    bank: Bank,
    judge: SimilarityJudge,
    *,
    vocoder: str = VOCODER,
    length: str = HEADLINE,
    limit: int | None = None,
    recogniser: str = DEFAULT,
    jobs: int = 1,
    with_cost: bool = True,
    advance: Advance = silent,
) -> SynthesizerFigures:
    """Clones by the synthesizer of that name, or whose card lies in that folder, from `length` seconds of reference.

    `SYNTHESIZER+VOCODER` brings a vocoder of its own.
    """
    engine = name if "+" in name else f"{name}+{vocoder}"
    card = _card(name)
    if card.kind != "synthesizer":
        raise ModelError(f"{name} is a {card.kind}, not a synthesizer")
    measured = make_clones(
        bank, default_run("clones", engine, bank), engine=engine, lengths=(length,), limit=limit,
        recogniser=recogniser, jobs=jobs, advance=advance,
    )  # fmt: skip
    heard = {clone.path: judge.embed(clone.audio()) for clone, _ in measured}
    spoken = [(clone.speaker, found) for clone, found in measured]
    figures = spoken_figures(spoken)
    wer = {"all": figures["wer"]}
    for text in ("short", "long"):
        some = [(clone.speaker, found) for clone, found in measured if clone.text.length == text]
        wer[text] = spoken_figures(some)["wer"]
    config = card.config
    return SynthesizerFigures(
        shown_name(card),
        int(config.get("parameters", 0)),
        card.bytes / 1e6,
        config.get("minutes"),
        config.get("hours"),
        wer,
        similarity_of([clone for clone, _ in measured], judge, heard),
        verification_eer(judge, [Utterance(clone.speaker, heard[clone.path]) for clone, _ in measured]),
        figures["distillmos"],
        clone_cost(bank, engine).rtf if with_cost else None,
    )


def synthesizer_report(
    names: Sequence[str],
    bank: Bank,
    *,
    title: str = "Synthesizers",
    vocoder: str = VOCODER,
    limit: int | None = None,
    recogniser: str = DEFAULT,
    judge_name: str = JUDGE,
    jobs: int = 1,
    with_cost: bool = True,
    command: str = "",
    advance: Advance = silent,
) -> Report:
    """Each synthesizer beside the others; `names` as `evaluate_synthesizer` takes them."""
    shown = [shown_name(_card(name)) for name in names]
    if twice := {name for name in shown if shown.count(name) > 1}:
        raise ModelError(f"two synthesizers are called {min(twice)}: give each folder a name of its own")
    judge = SimilarityJudge(load_encoder(judge_name), bank)
    found = [
        evaluate_synthesizer(
            name, bank, judge, vocoder=vocoder, limit=limit, recogniser=recogniser, jobs=jobs, with_cost=with_cost,
            advance=advance,
        )
        for name in names
    ]  # fmt: skip
    speakers = bank.some(limit)
    voc = shown_name(load_card(vocoder)) if is_path(vocoder) else vocoder
    about = {
        "Vocoder": voc,
        "Judge": judge_name,
        "Recogniser": f"Whisper {recogniser}, greedy, int8; both texts through Whisper's English normaliser",
        "Bank": f"{len(speakers)} of {len(bank.speakers)} speakers, {HEADLINE} s of reference, four texts each; no "
        "model was trained on them",
    }
    return Report(title, [synthesizer_table(found)], {one.name: one for one in found}, about, command)


def synthesizer_table(found: Sequence[SynthesizerFigures]) -> Table:
    """A row each; a column that nobody has a figure for is left out."""
    columns = [
        "synthesizer", "parameters", "MB", "minutes trained", "hours heard", "WER", "WER, short texts",
        "WER, long texts", "normalised similarity", "verification EER", "DistillMOS", "RTF",
    ]  # fmt: skip
    rows = [
        [
            one.name,
            f"{one.parameters / 1e6:.2f} M" if one.parameters else None,
            f"{one.megabytes:.1f}",
            None if one.minutes is None else f"{one.minutes:.0f}",
            None if one.hours is None else f"{one.hours:.1f}",
            one.wer["all"],
            f"{one.wer['short']:.3f}",
            f"{one.wer['long']:.3f}",
            one.similarity.normalised,
            one.verification_eer,
            one.distillmos,
            None if one.rtf is None else f"{one.rtf:.3f}",
        ]
        for one in found
    ]
    kept = [place for place in range(len(columns)) if any(row[place] is not None for row in rows)]
    return Table(
        "Clones by synthesizer",
        [columns[place] for place in kept],
        [[row[place] for place in kept] for row in rows],
        note="Minutes: of one core or less. RTF: seconds of the whole clone, vocoder included, on two cores, over "
        "seconds of speech.",
    )
