"""The figures of clones: words, similarity, verification, quality and cost, with real speech beside them."""

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from voxproof.audio import write_audio
from voxproof.errors import ModelError
from voxproof.evaluation.bank import HEADLINE, Bank, Speaker
from voxproof.evaluation.bootstrap import Interval
from voxproof.evaluation.clone_conditions import clone_conditions, conditions_table
from voxproof.evaluation.clone_page import write_clone_page
from voxproof.evaluation.clone_picks import picks
from voxproof.evaluation.clones import Clone, copies, default_run, make_clones
from voxproof.evaluation.cost import Cost, measure_cost
from voxproof.evaluation.measures import Measures
from voxproof.evaluation.recognition import DEFAULT
from voxproof.evaluation.report import Report, Table
from voxproof.evaluation.similarity import Embedding, SimilarityFigures, SimilarityJudge, Utterance
from voxproof.evaluation.summary import measure_real, spoken_figures, worst_speakers
from voxproof.evaluation.tasks import Advance, silent
from voxproof.evaluation.verification import verification_eer
from voxproof.files import check_writable
from voxproof.speakers import CONDITIONING, JUDGE, load_encoder

GE2E = "ge2e-resemblyzer"
Embedded = Mapping[Path, Embedding]
"""The clips of a run as one judge hears them."""
COLUMNS = (
    "clips", "WER", "CER", "normalised similarity", "cosine", "verification EER", "DistillMOS", "DNSMOS", "P.808",
)  # fmt: skip


def clone_report(
    bank: Bank,
    *,
    engine: str = "native",
    run: Path | None = None,
    lengths: Sequence[str] = (HEADLINE,),
    limit: int | None = None,
    recogniser: str = DEFAULT,
    judge_name: str = JUDGE,
    encoder: str = CONDITIONING,
    jobs: int = 1,
    fresh: bool = False,
    with_cost: bool = True,
    with_copies: bool = True,
    page: Path | None = None,
    command: str = "",
    advance: Advance = silent,
) -> Report:
    """Make and measure the clones of one engine (`clones.make_clones`) and write the tables.

    A second speaker encoder, GE2E, is reported when its weights are installed; it stands near the one that conditions,
    so only the judge's figures count. `page` is an HTML file for the tables and a handful of clones to hear and see
    (`clone_page`); `VoxproofError` before anything runs if it cannot be written.
    """
    if page is not None:
        check_writable(page)
    judges = similarity_judges(bank, judge_name)
    run = run or default_run("clones", engine, bank, encoder)
    measured = make_clones(
        bank, run, engine=engine, lengths=lengths, limit=limit, recogniser=recogniser, encoder=encoder,
        jobs=jobs, fresh=fresh, advance=advance,
    )  # fmt: skip
    speakers = bank.some(limit)
    heard = {name: {clone.path: judge.embed(clone.audio()) for clone, _ in measured} for name, judge in judges.items()}
    rows: dict[str, dict[str, Any]] = {}
    for length in lengths:
        chosen = [(clone, found) for clone, found in measured if clone.length == length]
        rows[length] = {"clips": len(chosen), **_clone_figures(chosen, judges, heard)}
    real = measure_real(bank, speakers, recogniser)
    rows["real speech"] = {"clips": len(real), **spoken_figures(real), **_real_similarity(speakers, judges)}
    if with_copies:
        copied = copies(bank, run, limit, recogniser, advance=advance)
        rows["copy-synthesis"] = {"clips": len(copied), **spoken_figures(copied)}
    headline = HEADLINE if HEADLINE in lengths else lengths[0]
    head = [(clone, found) for clone, found in measured if clone.length == headline]
    counts = judges[judge_name]
    conditions = clone_conditions(measured, lambda some: similarity_of(some, counts, heard[judge_name]))
    texts = _texts_figures(head)
    tables = [
        _main_table(rows, lengths, judge_name),
        *([conditions_table(conditions, judge_name)] if conditions else []),
        *(_second_judge(rows, lengths, name) for name in list(judges)[1:]),
        _texts_table(texts, headline),
        _speakers_table(head, real, counts, heard[judge_name], headline),
    ]
    clips = [_clip(one, found) for one, found in measured]
    figures: dict[str, Any] = {
        "rows": rows,
        "headline": headline,
        "conditions": conditions,
        "texts": texts,
        "clips": clips,
    }
    if with_cost:
        cost = clone_cost(bank, engine)
        tables.append(cost_table([cost]))
        figures["cost"] = cost
    about = {
        "Engine": f"{engine}, voices enrolled with {encoder}",
        "Recogniser": f"Whisper {recogniser}, greedy, int8; both texts through Whisper's English normaliser",
        "Judge": judge_name + (", which also conditions: flattering" if judge_name == encoder else ""),
        "Bank": f"{len(speakers)} of {len(bank.speakers)} speakers, four texts each; no model was trained on them",
    }
    report = Report(f"Clones by {engine}", tables, figures, about, command)
    if page is not None:
        likeness = {clone.path: similarity_of([clone], counts, heard[judge_name]).normalised.value for clone, _ in head}
        write_clone_page(page, report, picks(head, likeness), engine=engine, encoder=encoder)
    return report


def similarity_judges(bank: Bank, judge_name: str = JUDGE) -> dict[str, SimilarityJudge]:
    """The judge first, then GE2E if its weights are here."""
    judges = {judge_name: SimilarityJudge(load_encoder(judge_name), bank)}
    if judge_name != GE2E:
        with contextlib.suppress(ModelError):  # a figure less is no reason to stop
            judges[GE2E] = SimilarityJudge(load_encoder(GE2E), bank)
    return judges


def clone_cost(bank: Bank, engine: str) -> Cost:
    """Time and memory of `clone` from the first speaker's 10 s."""
    with TemporaryDirectory() as folder:
        reference = Path(folder) / "reference.wav"
        write_audio(reference, bank.speakers[0].reference())
        return measure_cost("clone", reference, engine=engine)


def cost_table(costs: Sequence[Cost]) -> Table:
    """Speed and memory of tasks in processes of their own."""
    rows: list[list[object]] = [
        [
            one.task,
            one.engine,
            one.threads,
            one.rtf,
            "-" if one.first_audio is None else f"{one.first_audio * 1000:.0f} ms",
            f"{one.cold_start:.2f} s",
            f"{one.peak_memory / 2**20:.0f} MiB",
        ]
        for one in costs
    ]
    return Table(
        "Cost",
        ["task", "engine", "threads", "RTF, warm", "first audio, warm", "start to first result", "peak memory"],
        rows,
        note="In a process of its own. RTF: seconds taken over seconds of audio.",
    )


def similarity_of(clones: Sequence[Clone], judge: SimilarityJudge, heard: Embedded) -> SimilarityFigures:
    """How near clones come to their speakers, by what the judge heard."""
    return judge.figures([judge.cosines(clone.speaker, heard[clone.path]) for clone in clones])


def _clone_figures(
    chosen: Sequence[tuple[Clone, Measures]], judges: dict[str, SimilarityJudge], heard: Mapping[str, Embedded]
) -> dict[str, Any]:
    figures: dict[str, Any] = dict(spoken_figures([(clone.speaker, found) for clone, found in chosen]))
    for name, judge in judges.items():
        utterances = [Utterance(clone.speaker, heard[name][clone.path]) for clone, _ in chosen]
        figures[name] = {
            "similarity": similarity_of([clone for clone, _ in chosen], judge, heard[name]),
            "verification_eer": verification_eer(judge, utterances),
        }
    return figures


def _real_similarity(speakers: Sequence[Speaker], judges: dict[str, SimilarityJudge]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name, judge in judges.items():
        utterances = judge.real_utterances(speakers)
        cosines = [judge.cosines(one.speaker, one.embedding, without=one.without) for one in utterances]
        figures[name] = {
            "similarity": judge.figures(cosines),
            "verification_eer": verification_eer(judge, utterances),
        }
    return figures


def _main_table(rows: dict[str, dict[str, Any]], lengths: Sequence[str], judge: str) -> Table:
    names = {length: f"clones, {length} s" if length != "all" else "clones, all" for length in lengths}
    cells = []
    for key, row in rows.items():
        similar = row.get(judge)
        cells.append(
            [
                names.get(key, key),
                row["clips"],
                row["wer"],
                row["cer"],
                similar["similarity"].normalised if similar else None,
                similar["similarity"].clone if similar else None,
                similar["verification_eer"] if similar else None,
                f"{row['distillmos']:.2f}",
                f"{row['dnsmos']:.2f}",
                f"{row['dnsmos_p808']:.2f}",
            ]
        )
    return Table(
        "Clones by seconds of reference",
        ["speech", *COLUMNS],
        cells,
        note=f"Similarity and verification by {judge}. Normalised similarity: 0 is another voice of the same gender, 1 "
        "the speaker. Verification: targets and non-targets of one gender; clones should come as low as real speech.",
    )


def _second_judge(rows: dict[str, dict[str, Any]], lengths: Sequence[str], name: str) -> Table:
    cells = []
    for key, row in rows.items():
        if name in row:
            similar = row[name]["similarity"]
            label = f"clones, {key} s" if key in lengths and key != "all" else key
            cells.append([label, similar.normalised, similar.clone, similar.other, row[name]["verification_eer"]])
    return Table(
        f"Similarity by {name}",
        ["speech", "normalised similarity", "cosine", "to others", "verification EER"],
        cells,
        note="Near kin of the encoder that conditions: flattering, and here only to compare with other work.",
    )


def _texts_figures(head: Sequence[tuple[Clone, Measures]]) -> dict[str, dict[str, Interval]]:
    """Figures of what was spoken, by the length of the text."""
    return {
        length: spoken_figures([(clone.speaker, found) for clone, found in head if clone.text.length == length])
        for length in ("short", "long")
    }


def _texts_table(texts: Mapping[str, Mapping[str, Interval]], headline: str) -> Table:
    cells = [[length, spoken["wer"], spoken["cer"], f"{spoken['distillmos']:.2f}"] for length, spoken in texts.items()]
    return Table(f"By length of text, {headline} s of reference", ["texts", "WER", "CER", "DistillMOS"], cells)


def _speakers_table(
    head: Sequence[tuple[Clone, Measures]],
    real: Sequence[tuple[Speaker, Measures]],
    judge: SimilarityJudge,
    heard: Embedded,
    headline: str,
) -> Table:
    rates = worst_speakers([(clone.speaker, found) for clone, found in head])
    real_rates = worst_speakers(real)
    cells = []
    for name, rate in rates.items():
        clones = [clone for clone, _ in head if clone.speaker.name == name]
        figures = similarity_of(clones, judge, heard)
        speaker = clones[0].speaker
        about = f"{speaker.gender}, {speaker.accent}" if speaker.accent else speaker.gender
        cells.append([name, about, rate, real_rates.get(name), figures.normalised.value, figures.clone.value])
    return Table(
        f"By speaker, {headline} s of reference",
        ["speaker", "who", "WER", "WER of real speech", "normalised similarity", "cosine"],
        cells,
    )


def _clip(clone: Clone, found: Measures) -> dict[str, Any]:
    return {
        "speaker": clone.speaker.name,
        "reference": clone.length,
        "text": clone.text.id,
        "heard": found.heard,
        "edits": found.words.edits,
        "words": found.words.length,
        "seconds": round(found.seconds, 3),
        "distillmos": round(found.distillmos, 3),
    }
