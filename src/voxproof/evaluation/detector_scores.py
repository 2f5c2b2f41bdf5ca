"""What a detector says of the clips of a corpus, and the table of it on disk.

The score of a clip is the log-likelihood ratio that the detector itself gives: not what cautions leave of it in a
verdict, and of clips too short for a verdict as well. The verdict's label stands beside it. The table is tab-separated
text, so that the scores of any system can be judged by the same rules: `path` and `score`, and where they are known
`fold` (which model of several gave it, see `detector_folds`), `verdict`, `seconds` of sound, `cpu` and `detector_cpu`
(seconds of processor time for the whole verdict and for the detector alone), and the scores of the first half, one,
two and four seconds of speech.
"""

import csv
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from voxproof.audio import Audio, read_audio
from voxproof.detection import Detector, Scores, detect_audio
from voxproof.errors import AudioError, CorpusError
from voxproof.evaluation.detector_protocol import Row
from voxproof.evaluation.tasks import Advance, silent
from voxproof.files import write_aside

DURATIONS = (0.5, 1.0, 2.0, 4.0)  # seconds of speech
_LABELS = ("real", "fake", "uncertain", "")


@dataclass(frozen=True)
class Scored:
    """A clip and what was said of it."""

    row: Row
    llr: float
    label: str = ""  # of the verdict; empty if only the score is known
    shorter: Mapping[float, float] = field(default_factory=dict)  # seconds of speech -> LLR of these alone
    seconds: float = math.nan  # of sound
    cpu: float = math.nan  # seconds of processor time: reading, speech activity, warnings, score
    detector_cpu: float = math.nan  # the same for the score alone
    fold: str = ""


class Overheard(Detector):
    """A detector that remembers what it was last asked and what it said, before cautions make a verdict of it."""

    def __init__(self, detector: Detector) -> None:
        super().__init__(detector.card)
        self._detector = detector
        self.rate, self.shortest_seconds = detector.rate, detector.shortest_seconds
        self.calibration = detector.calibration
        self.llr = 0.0
        self.audio: Audio | None = None
        self.speech: list[tuple[float, float]] = []
        self.cpu = 0.0

    def score(self, audio: Audio, speech: list[tuple[float, float]] | None = None) -> Scores:
        """What the detector says."""
        begin = time.process_time()
        scores = self._detector.score(audio, speech)
        self.cpu = time.process_time() - begin
        self.llr, self.audio, self.speech = scores.clip_llr, audio, speech or []
        return scores


def score_corpus(
    rows: Sequence[Row],
    detector: Detector,
    advance: Advance = silent,
    *,
    durations: Sequence[float] = DURATIONS,
    read: Callable[[Path], Audio] = read_audio,
) -> tuple[list[Scored], list[str]]:
    """Scores of the rows, and the paths that could not be read (they count in no figure, but are told).

    `read` may be a reader that remembers, where several detectors hear the same clips.
    """
    scored, unread = [], []
    overheard = Overheard(detector)
    for done, row in enumerate(rows, start=1):
        begin = time.process_time()
        try:
            verdict = detect_audio(read(row.path), overheard)
        except AudioError as error:
            unread.append(str(error))
        else:
            cpu = time.process_time() - begin
            scored.append(
                Scored(
                    row,
                    overheard.llr,
                    verdict.label,
                    shorter=_shorter(overheard, detector, durations),
                    seconds=verdict.seconds,
                    cpu=cpu,
                    detector_cpu=overheard.cpu,
                )
            )
        advance("detecting", done, len(rows))
    return scored, unread


def _shorter(overheard: Overheard, detector: Detector, durations: Sequence[float]) -> dict[float, float]:
    if overheard.audio is None:
        return {}
    return {
        seconds: detector.score(first_seconds(overheard.audio, overheard.speech, seconds)).clip_llr
        for seconds in durations
    }


def first_seconds(audio: Audio, speech: Sequence[tuple[float, float]], seconds: float) -> Audio:
    """So many seconds from the first speech on; what there is if there are fewer."""
    start = round(speech[0][0] * audio.rate) if speech else 0
    return Audio(audio.samples[start : start + round(seconds * audio.rate)], audio.rate)


def write_scores(path: Path, scored: Sequence[Scored]) -> None:
    """The table of scores; columns that say nothing of any clip are left out."""
    columns = {
        "path": [s.row.name for s in scored],
        "score": [repr(s.llr) for s in scored],
        "fold": [s.fold for s in scored],
        "verdict": [s.label for s in scored],
        "seconds": [_number(s.seconds) for s in scored],
        "cpu": [_number(s.cpu) for s in scored],
        "detector_cpu": [_number(s.detector_cpu) for s in scored],
    }
    for seconds in sorted({seconds for s in scored for seconds in s.shorter}):
        columns[f"score_{seconds:g}s"] = [repr(s.shorter[seconds]) if seconds in s.shorter else "" for s in scored]
    told = {name: cells for name, cells in columns.items() if any(cells) or name in ("path", "score")}
    with write_aside(path) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(told)
        table.writerows(zip(*told.values(), strict=True))


def read_scores(path: Path, rows: Sequence[Row]) -> list[Scored]:
    """Scores from a table; `CorpusError` for a clip that `rows` do not have, a score that is no number, or a clip that
    a fold scores twice."""
    if not path.is_file():
        raise CorpusError(f"no {path}: give a table with the columns path and score")
    known = {row.name: row for row in rows}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t")
        if not {"path", "score"} <= set(reader.fieldnames or ()):
            raise CorpusError(f"{path} lacks the column path or score (tab-separated, with names in the first line)")
        scored = [_scored(f"{path}:{number}", line, known) for number, line in enumerate(reader, start=2)]
    twice = len(scored) - len({(s.row.name, s.fold) for s in scored})
    if twice:
        raise CorpusError(f"{path} scores {twice} clips twice in one fold")
    return scored


def _scored(place: str, line: dict[str, str], known: Mapping[str, Row]) -> Scored:
    name = line["path"] or ""
    if name not in known:
        raise CorpusError(f"{place}: {name!r} is no clip of the corpus")
    score, label = _parsed(line["score"]), line.get("verdict") or ""
    if not math.isfinite(score) or label not in _LABELS:
        raise CorpusError(f"{place}: the score of {name} is no finite number, or its verdict is none that there is")
    shorter = {
        float(column[len("score_") : -1]): _parsed(cell)
        for column, cell in line.items()
        if column is not None and column.startswith("score_") and cell
    }
    cpu = {key: _parsed(line.get(key)) for key in ("seconds", "cpu", "detector_cpu")}
    return Scored(known[name], score, label, shorter, **cpu, fold=line.get("fold") or "")


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}"


def _parsed(cell: str | None) -> float:
    try:
        return float(cell or "nan")
    except ValueError:
        return math.nan
