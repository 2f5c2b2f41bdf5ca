"""The tables of a long text: what was lost or said twice, errors along the way, drift and cost."""

from collections.abc import Sequence

from voxproof.evaluation.long_text import PARTS, LongClone
from voxproof.evaluation.recognition import DEFAULT
from voxproof.evaluation.report import Report, Table

_KINDS = ("skipped", "doubled", "garbled")


def long_text_report(
    text: str, found: Sequence[LongClone], *, engine: str = "native", recogniser: str = DEFAULT, command: str = ""
) -> Report:
    """Everything that `evaluate_long_text` found. The figure `skipped_or_doubled` counts over all voices."""
    figures = {
        "characters": len(text),
        "skipped_or_doubled": sum(one.count("skipped") + one.count("doubled") for one in found),
        "voices": {one.voice: one for one in found},
    }
    about = {
        "Engine": engine,
        "Text": f"{len(text):,} characters, {len(found[0].sentences)} sentences, cloned in one go",
        "Recogniser": f"Whisper {recogniser}, greedy, int8, on pieces of 15 to 28 s cut at pauses; both texts through "
        "Whisper's English normaliser",
    }
    tables = [_sentences(found), _errors(found), _drift(found), _cost(found)]
    listed = _listed(found)
    if listed.rows:
        tables.insert(1, listed)
    return Report("A long text", tables, figures, about, command)


def _sentences(found: Sequence[LongClone]) -> Table:
    rows = [[one.voice, len(one.sentences), *(one.count(kind) for kind in _KINDS)] for one in found]
    return Table(
        "Sentences skipped, said twice, garbled",
        ["voice", "sentences", *_KINDS],
        rows,
        note="By the alignment of the whole transcript with the text. Skipped: two thirds of the words are missing, "
        "with nothing in their place. Doubled: two thirds of them are heard once more nearby. Garbled: something was "
        "heard in their place, but less than half of it right.",
    )


def _listed(found: Sequence[LongClone]) -> Table:
    rows = [
        [one.voice, number, kind, sentence.text, f"{sentence.heard} of {sentence.words}"]
        for one in found
        for number, sentence in enumerate(one.sentences, 1)
        for kind in _KINDS
        if getattr(sentence, kind)
    ]
    return Table("These sentences", ["voice", "number", "what", "sentence, normalised", "words heard right"], rows)


def _errors(found: Sequence[LongClone]) -> Table:
    return Table(
        "Word error rate from beginning to end",
        ["voice", "whole", "first third", "middle third", "last third"],
        [[one.voice, one.wer, *one.thirds] for one in found],
        note="Thirds of the sentences. Intervals over sentences.",
    )


def _drift(found: Sequence[LongClone]) -> Table:
    rows: list[list[object]] = []
    for one in found:
        level, pitch = one.drift.loudness, one.drift.f0
        rows.append([one.voice, "loudness, LUFS", *_ends(level, 1), f"{one.drift.louder:+.2f} LU", _span(level, 1)])
        rows.append([one.voice, "median f0, Hz", *_ends(pitch, 0), f"{one.drift.higher:+.2f} semitones", _span(pitch)])
    return Table(
        "Drift",
        ["voice", "of", "first tenth", "last tenth", "last against first", f"least to most of all {PARTS}"],
        rows,
        note="Tenths of the sound. Their sentences differ, so that no two are quite alike without any drift.",
    )


def _ends(values: Sequence[float], places: int) -> list[str]:
    return [f"{values[0]:.{places}f}", f"{values[-1]:.{places}f}"]


def _span(values: Sequence[float], places: int = 0) -> str:
    return f"{min(values):.{places}f} to {max(values):.{places}f}"


def _cost(found: Sequence[LongClone]) -> Table:
    rows = [
        [
            one.voice,
            f"{one.spoken.seconds / 60:.1f} min",
            one.spoken.threads,
            one.spoken.seconds_taken / one.spoken.seconds,
            f"{one.spoken.peak_memory / 2**20:.0f} MiB",
        ]
        for one in found
    ]
    return Table(
        "Cost",
        ["voice", "speech", "threads", "RTF, warm", "peak memory"],
        rows,
        note="Each voice in a process of its own, watermark included; the whole is held in memory.",
    )
