"""Leave one generator out: each generator of training is judged by a model that never heard it.

A fold belongs to one generator. Its model learns from training pages on which the generator does not occur at all, so
that neither the generator nor the speakers and recordings beside it are known; it judges the generator's clips against
the real clips of their pages. Any system that can be trained so often hands in a table of scores with a column `fold`
(`detector_scores`); here stands who may learn from what, and a check that a table keeps to it as far as a table can
show it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from voxproof.errors import CorpusError
from voxproof.evaluation.detector_protocol import Row, with_real_of_their_pages
from voxproof.evaluation.detector_scores import Scored


@dataclass(frozen=True)
class Fold:
    """The clips that a model may learn from and those that it judges."""

    generator: str
    learned: tuple[Row, ...]
    judged: tuple[Row, ...]


@dataclass(frozen=True)
class _Clip:
    row: Row


def leave_one_generator_out(rows: Sequence[Row], fewest: int = 2) -> list[Fold]:
    """One fold for each generator of training that has `fewest` clips and as many real clips beside them."""
    train = [_Clip(row) for row in rows if row.split == "train"]
    folds = []
    for generator in sorted({clip.row.generator for clip in train if clip.row.fake}):
        fakes = [clip for clip in train if clip.row.fake and clip.row.generator == generator]
        judged = with_real_of_their_pages(fakes, train)
        if len(fakes) < fewest or len(judged) - len(fakes) < fewest:
            continue
        pages = {clip.row.page for clip in fakes}
        learned = tuple(clip.row for clip in train if clip.row.page not in pages)
        folds.append(Fold(generator, learned, tuple(clip.row for clip in judged)))
    return folds


def check_folds(scored: Sequence[Scored], rows: Sequence[Row]) -> None:
    """`CorpusError` unless every fold is named after a generator and holds clips that this generator's fold judges."""
    allowed = {fold.generator: {row.name for row in fold.judged} for fold in leave_one_generator_out(rows)}
    for one in scored:
        if one.fold not in allowed:
            raise CorpusError(
                f"{one.row.name} is scored in the fold {one.fold!r}; a fold is named after the generator of training "
                "that its model never heard (with two clips at least, and two real ones beside them)"
            )
        if one.row.name not in allowed[one.fold]:
            raise CorpusError(
                f"{one.row.name} does not belong into the fold {one.fold!r}: a fold judges the clips of its generator "
                "and the real clips of their pages, since its model learned from all others"
            )
