"""Nuisance probes: can fakes be told from real clips by something that has nothing to do with how they were made?

Each kind of `detector_nuisances` is a classifier of its own: logistic regression on its numbers and their squares. It
learns from the training pages and is judged on the matched pages of dev; of a set of one's own, on pages that it did
not learn from. On a fair set each sits at chance: an EER of 45 to 55 %. Farther off on either side, the set is not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio, read_audio
from voxproof.errors import AudioError, CorpusError
from voxproof.evaluation.bootstrap import Interval
from voxproof.evaluation.detector_figures import CLUSTERS, counted, eer_of
from voxproof.evaluation.detector_mending import told_reader
from voxproof.evaluation.detector_nuisances import RATE, SOUND, TOLD, nuisances, told_codings
from voxproof.evaluation.detector_overlap import check_disjoint
from voxproof.evaluation.detector_protocol import OWN_SET, Row, read_corpus, that_counts
from voxproof.evaluation.detector_scores import Scored
from voxproof.evaluation.report import Report, Table
from voxproof.evaluation.tasks import Advance, silent

LOWEST, HIGHEST = 0.45, 0.55  # EER of a probe on a fair set
TOGETHER = "all of them together"
FOLDS = 5  # of a set of one's own, by page
_RIDGE = 1e-2
_STEPS = 50

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """Clips and, by kind, what was measured of them `(clips, n)`."""

    rows: list[Row]
    vectors: dict[str, Matrix]

    @property
    def fake(self) -> NDArray[np.bool_]:
        """Whether each was made by a machine."""
        return np.array([row.fake for row in self.rows], bool)


@dataclass(frozen=True)
class Probe:
    """A classifier on one kind of nuisance: `scale` makes its inputs comparable, `weights` end with the constant."""

    centre: Matrix
    scale: Matrix
    weights: Matrix

    def scores(self, vectors: Matrix) -> Matrix:
        """Log odds of fake `(clips,)`."""
        return np.asarray(_inputs(vectors, self.centre, self.scale) @ self.weights, np.float64)


def train_probe(vectors: Matrix, fake: NDArray[np.bool_]) -> Probe:
    """Ridge logistic regression, both classes weighing the same (Newton's method)."""
    centre, spread = vectors.mean(axis=0), vectors.std(axis=0)
    scale = np.where(spread > 1e-9, spread, np.inf)  # what never changes says nothing
    inputs = _inputs(vectors, centre, scale)
    share = np.where(fake, 0.5 / max(fake.sum(), 1), 0.5 / max((~fake).sum(), 1))
    ridge = _RIDGE * np.eye(inputs.shape[1])
    ridge[-1, -1] = 1e-9
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS):
        said = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        gradient = inputs.T @ (share * (said - fake)) + ridge @ weights
        bend = (inputs * (share * np.maximum(said * (1 - said), 1e-6))[:, None]).T @ inputs + ridge
        step = np.linalg.solve(bend, gradient)
        weights -= step * min(1.0, 2.0 / (float(np.abs(step).max()) + 1e-12))
        if float(np.abs(step).max()) < 1e-8:
            break
    return Probe(centre, scale, weights)


def _inputs(vectors: Matrix, centre: Matrix, scale: Matrix) -> Matrix:
    """Standardised numbers (bounded: one odd clip must not rule), their squares, and 1."""
    standard = np.clip((vectors - centre) / scale, -4, 4)
    return np.concatenate([standard, standard**2, np.ones((len(vectors), 1))], axis=1)


def probe_corpus(
    corpus: str | Path,
    *,
    advance: Advance = silent,
    resamples: int = 1000,
    command: str = "",
    read: Callable[[Path], Audio] = read_audio,
) -> Report:
    """Probes trained on the training pages and judged on the clips of dev that count; `read` may mend them."""
    rows = read_corpus(corpus)
    check_disjoint(rows)
    train = [row for row in rows if row.split == "train" and not row.wide]
    judged = {row.name for row in (one.row for one in that_counts([Scored(row, 0.0) for row in rows]))}
    dev = [row for row in rows if row.split == "dev" and row.name in judged]
    heard, unread = listen([*train, *dev], advance, read)
    learning = np.array([row.split == "train" for row in heard.rows], bool)
    if len({row.label for row, learns in zip(heard.rows, learning, strict=True) if learns}) < 2:
        raise CorpusError(f"{corpus}: the pages of training lack readable clips of one class, so no probe can learn")
    scores = {
        name: train_probe(vectors[learning], heard.fake[learning]).scores(vectors[~learning])
        for name, vectors in heard.vectors.items()
    }
    clips = [row for row, learns in zip(heard.rows, learning, strict=True) if not learns]
    about = {
        "Learned from": f"{int(learning.sum())} clips of {len({row.page for row in train})} pages of training",
        "Judged on": "the clips that count: matched pages of dev, generators that training does not have",
        "Clips": told_reader(read),
        "Unreadable": str(unread) if unread else "",
    }
    return _report(f"Nuisance probes of {Path(corpus).name}", clips, scores, about, resamples, command)


def probe_set(folder: str | Path, *, advance: Advance = silent, resamples: int = 1000, command: str = "") -> Report:
    """Probes of a set of one's own (`manifest.tsv` with path, label and page): each page judged by probes that learned
    from the others. A column `split` is not looked at, except that nothing of `dev` is read."""
    rows = [row for row in read_corpus(folder, OWN_SET) if row.split != "dev"]
    both = {row.page for row in rows if row.fake} & {row.page for row in rows if not row.fake}
    rows = [row for row in rows if row.page in both]
    if len(both) < FOLDS:
        raise CorpusError(f"{folder} has {len(both)} pages with both classes; probes need {FOLDS} to judge by")
    heard, unread = listen(rows, advance)
    order = {page: place % FOLDS for place, page in enumerate(sorted(both))}
    fold = np.array([order[row.page] for row in heard.rows])
    scores = {name: np.zeros(len(heard.rows)) for name in heard.vectors}
    for name, vectors in heard.vectors.items():
        for number in range(FOLDS):
            out = fold == number
            scores[name][out] = train_probe(vectors[~out], heard.fake[~out]).scores(vectors[out])
    about = {
        "Learned from and judged on": f"{len(both)} pages with both classes, in {FOLDS} parts by page",
        "Unreadable": str(unread) if unread else "",
    }
    return _report(f"Nuisance probes of {Path(folder).name}", heard.rows, scores, about, resamples, command)


def listen(
    rows: Sequence[Row], advance: Advance = silent, read: Callable[[Path], Audio] = read_audio
) -> tuple[Heard, int]:
    """Every nuisance of every clip, and how many clips could not be read."""
    kept: list[Row] = []
    vectors: dict[str, list[Matrix]] = {name: [] for name in SOUND}
    for done, row in enumerate(rows, start=1):
        try:
            found = nuisances(read(row.path).resampled(RATE).samples)
        except AudioError:
            continue
        finally:
            advance("measuring", done, len(rows))
        kept.append(row)
        for name, vector in found.items():
            vectors[name].append(vector)
    if not kept:
        raise CorpusError("no clip of the set can be read")
    measured = {name: np.stack(found) for name, found in vectors.items()}
    measured[TOLD] = told_codings(kept)
    return Heard(kept, {**measured, TOGETHER: np.concatenate(list(measured.values()), axis=1)}), len(rows) - len(kept)


def _report(
    title: str, rows: list[Row], scores: dict[str, Matrix], about: dict[str, str], resamples: int, command: str
) -> Report:
    table: list[list[object]] = []
    figures: dict[str, dict[str, object]] = {}
    for name, values in scores.items():
        scored = [Scored(row, float(value)) for row, value in zip(rows, values, strict=True)]
        found = eer_of(scored, resamples)
        if found is None:
            raise CorpusError("the pages that judge the probes lack one of the classes")
        table.append([name, *counted(scored), found, judged(found)])
        figures[name] = {"eer": found, "fair": judged(found) == "ok"}
    note = f"A probe of a fair set sits at {100 * LOWEST:.0f} to {100 * HIGHEST:.0f} % EER."
    probes = Table("Nuisance probes", ["probe", "fake", "real", "EER", "fair"], table, note)
    failed = [name for name, figure in figures.items() if not figure["fair"]]
    about = {**about, "Failed": ", ".join(failed), "Intervals": f"95 %, bootstrap {CLUSTERS['generator-speaker']}"}
    return Report(title, [probes], {"probes": figures, "failed": failed}, about, command)


def judged(eer: Interval) -> str:
    """`ok`, or that the probe fails; and whether chance still lies within its interval."""
    if LOWEST <= eer.value <= HIGHEST:
        return "ok"
    return "FAIL" if not eer.low <= 0.5 <= eer.high else "FAIL (50 % lies within the interval)"
