"""Copy-synthesis: real speech to mel and pitch and back by a vocoder, and how much of it survives."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from voxproof.audio import Audio, write_audio
from voxproof.errors import ModelError
from voxproof.evaluation.bank import Bank, Clip, Speaker
from voxproof.evaluation.bootstrap import Interval, mean_interval
from voxproof.evaluation.cost import measure_cost
from voxproof.evaluation.distillmos import DistillMos
from voxproof.evaluation.pesq_score import pesq_wb
from voxproof.evaluation.report import Report, Table
from voxproof.evaluation.similarity import Cosines, SimilarityFigures, SimilarityJudge
from voxproof.evaluation.tasks import Advance, silent
from voxproof.features import f0, log_mel
from voxproof.models import is_path, load_card, shown_name
from voxproof.speakers import JUDGE, load_encoder
from voxproof.vocoders import Vocoder, load_vocoder

FLOOR = "griffinlim"
CORES = (1, 2)  # that speed is measured on


@dataclass(frozen=True)
class VocoderFigures:
    """What copy-synthesis of the bank's real utterances by one vocoder measured."""

    name: str
    parameters: int
    minutes: float | None  # of training, if known
    pesq: Interval
    distillmos: Interval
    similarity: SimilarityFigures
    rtf: dict[int, float]  # by cores
    real_distillmos: Interval

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        names = ("parameters", "minutes", "pesq", "distillmos", "similarity", "rtf", "real_distillmos")
        return {name: getattr(self, name) for name in names}


def copy_synthesis(vocoder: Vocoder, audio: Audio) -> Audio:
    """Speech through mel and pitch and back."""
    spec = vocoder.spec
    samples = audio.resampled(spec.rate).samples
    mel = log_mel(samples, spec)
    pitch = f0(samples, spec.rate, spec.hop)
    return Audio(np.clip(vocoder.vocode(mel, pitch), -1, 1), spec.rate)


def called(name: str) -> str:
    """What a report calls the vocoder of that name, or whose card lies in that folder (`runs/hifigan`)."""
    return shown_name(load_card(name)) if is_path(name) else name


def evaluate_vocoder(
    name: str,
    bank: Bank,
    judge: SimilarityJudge,
    *,
    limit: int | None = None,
    keep: Path | None = None,
    advance: Advance = silent,
) -> VocoderFigures:
    """PESQ-wb against the original, similarity and DistillMOS over the bank's real utterances, speed over one of them.

    A copy is compared with the mean of the speaker's *other* real utterances, as *own* is, so that 1 stands for a
    perfect copy. `keep` is a folder for the copies.
    """
    vocoder = load_vocoder(name)
    quality = DistillMos()
    work = [(speaker, place, clip) for speaker in bank.some(limit) for place, clip in enumerate(speaker.real)]
    rtf = {cores: _rtf(name, work[0][2].audio(), cores) for cores in CORES}
    shown = called(name)
    names: list[str] = []
    scores: list[tuple[float, float, float]] = []
    cosines: list[Cosines] = []
    for done, (speaker, place, clip) in enumerate(work):
        advance(shown, done, len(work))
        original = clip.audio()
        copy = copy_synthesis(vocoder, original)
        _keep(copy, clip, shown, keep)
        names.append(speaker.name)
        scores.append((pesq_wb(original, copy), quality.score(copy), quality.score(original)))
        cosines.append(judge.cosines(speaker, judge.embed(copy), without=place))
    advance(shown, len(work), len(work))
    pesqs, copies, originals = np.array(scores).T
    return VocoderFigures(
        shown,
        vocoder.parameters,
        _minutes(vocoder),
        mean_interval(pesqs, names),
        mean_interval(copies, names),
        judge.figures(cosines),
        rtf,
        mean_interval(originals, names),
    )


def _minutes(vocoder: Vocoder) -> float | None:
    card = getattr(vocoder, "card", None)
    return card.config.get("minutes") if card is not None else None


def _rtf(name: str, audio: Audio, cores: int) -> float:
    with TemporaryDirectory() as folder:
        write_audio(Path(folder) / "speech.wav", audio)
        return measure_cost("vocode", Path(folder) / "speech.wav", engine=name, threads=cores).rtf


def _keep(copy: Audio, clip: Clip, name: str, keep: Path | None) -> None:
    if keep is not None:
        path = keep / name / f"{clip.id}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_audio(path, copy)


def vocoder_report(
    names: Sequence[str],
    bank: Bank,
    *,
    limit: int | None = None,
    keep: Path | None = None,
    judge_name: str = JUDGE,
    command: str = "",
    advance: Advance = silent,
) -> Report:
    """Each vocoder beside the others and beside real speech; `names` may be folders of cards."""
    shown = [called(name) for name in names]
    if twice := {name for name in shown if shown.count(name) > 1}:
        raise ModelError(f"two vocoders are called {min(twice)}: give each folder a name of its own")
    judge = SimilarityJudge(load_encoder(judge_name), bank)
    found = [evaluate_vocoder(name, bank, judge, limit=limit, keep=keep, advance=advance) for name in names]
    speakers: Sequence[Speaker] = bank.some(limit)
    rows: list[list[object]] = [
        [
            one.name,
            f"{one.parameters / 1e6:.2f} M" if one.parameters else "-",
            "-" if one.minutes is None else f"{one.minutes:.0f}",
            one.pesq,
            one.similarity.normalised,
            one.similarity.clone,
            one.distillmos,
            *(f"{one.rtf[cores]:.4f}" for cores in CORES),
        ]
        for one in found
    ]
    own = found[0].similarity.own
    rows.append(["real speech", None, None, None, "1 by definition", own, found[0].real_distillmos, None, None])
    table = Table(
        "Copy-synthesis of real utterances",
        [
            "vocoder",
            "parameters",
            "minutes trained",
            "PESQ-wb",
            "normalised similarity",
            "cosine",
            "DistillMOS",
            "RTF, 1 core",
            "RTF, 2 cores",
        ],
        rows,
        note=f"{sum(len(one.real) for one in speakers)} utterances of {len(speakers)} speakers that no model was "
        "trained on. RTF: seconds of the vocoder alone, in a process of its own, over seconds of speech.",
    )
    about = {"Bank": f"{len(bank.speakers)} speakers", "Judge": judge.encoder.name}
    return Report("Vocoders", [table], {one.name: one for one in found}, about, command)
