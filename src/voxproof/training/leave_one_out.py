"""Leave one generator out over the generators of training, with a head in closed form.

`python -m voxproof.training.leave_one_out RECIPE --out scores.tsv` writes the table of folds that `voxproof evaluate
detector CORPUS --scores scores.tsv` judges. For each generator a linear head is fitted without its clips, without any
clip of the pages that it is on (so without the real clips too that it is scored against), and scores them.

The head is ridge regression on `texture_statistics` of undegraded clips. It is not the shipped network: that has an
embedding, was trained on degraded and self-made clips too, and training it once a generator would take days. What the
figures say is how the measures carry over to a generator that nobody heard, and which generators they fail on.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from voxproof.errors import CorpusError, VoxproofError
from voxproof.evaluation.detector_figures import plain_eer
from voxproof.evaluation.detector_folds import Fold, leave_one_generator_out
from voxproof.evaluation.detector_protocol import Row, read_corpus
from voxproof.evaluation.detector_scores import Scored, write_scores
from voxproof.evaluation.tasks import Advance, progress_bar, silent
from voxproof.training.detector_data import Clip, read_manifest
from voxproof.training.recipe import find_recipe
from voxproof.training.texture_statistics import texture_statistics

RIDGE = 0.3  # of inputs of variance 1
_SMALLEST_DEVIATION = 1e-6
_WORST = 10

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Sums over the clips of one class: weights, weighted inputs `(values,)`, weighted products `(values, values)`."""

    weight: float
    first: Doubles
    second: Doubles

    @classmethod
    def of(cls, inputs: Doubles, weights: Doubles) -> "Moments":
        """Of inputs `(clips, values)` with weights `(clips,)`."""
        weighted = inputs * weights[:, None]
        return cls(float(weights.sum()), weighted.sum(0), weighted.T @ inputs)

    def without(self, other: "Moments") -> "Moments":
        """What is left when the clips of `other` go."""
        return Moments(self.weight - other.weight, self.first - other.first, self.second - other.second)


def balanced_ridge(fake: Moments, real: Moments, ridge: float = RIDGE) -> tuple[Doubles, float]:
    """Weights `(values,)` and offset that send fake to +1 and real to -1 by least squares, each class weighing half.

    Inputs count as if they were standardised, so `ridge` is relative to a variance of 1. `CorpusError` where a class
    has no weight.
    """
    if min(fake.weight, real.weight) <= 0:
        raise CorpusError("a fold has clips of one class alone to learn from")
    above, below = fake.first / fake.weight, real.first / real.weight
    mean = (above + below) / 2
    covariance = (fake.second / fake.weight + real.second / real.weight) / 2 - np.outer(mean, mean)
    spread = np.sqrt(np.maximum(np.diag(covariance), _SMALLEST_DEVIATION**2))
    correlation = covariance / np.outer(spread, spread) + ridge * np.eye(len(spread))
    weights = np.linalg.solve(correlation, (above - below) / 2 / spread) / spread
    return weights, float(-mean @ weights)


def page_weights(clips: Sequence[Clip]) -> Doubles:
    """`(clips,)`: one over the number of clips of the same page and class, so that no page drowns the others."""
    counts: dict[tuple[str, bool], int] = {}
    for clip in clips:
        counts[clip.page, clip.fake] = counts.get((clip.page, clip.fake), 0) + 1
    return np.array([1 / counts[clip.page, clip.fake] for clip in clips])


def score_folds(
    folds: Sequence[Fold],
    clips: Sequence[Clip],
    inputs: Doubles,
    *,
    ridge: float = RIDGE,
    advance: Advance = silent,
) -> list[Scored]:
    """Every fold's clips, scored by a head that learned without its generator and pages.

    `inputs` `(clips, values)` go with `clips`; a clip judged is found among them by its recording (repository and
    path). `CorpusError` where it is missing.
    """
    place_of = {clip.origin: place for place, clip in enumerate(clips)}
    fake = np.array([clip.fake for clip in clips])
    pages = np.array([clip.page for clip in clips])
    generators = np.array([clip.generator for clip in clips])
    weights = page_weights(clips)
    whole = {label: Moments.of(inputs[fake == label], weights[fake == label]) for label in (True, False)}
    scored: list[Scored] = []
    for done, fold in enumerate(folds, start=1):
        unseen = np.isin(pages, sorted({row.page for row in fold.judged if row.fake}))
        unseen |= fake & (generators == fold.generator)
        left = {
            label: whole[label].without(Moments.of(inputs[unseen & (fake == label)], weights[unseen & (fake == label)]))
            for label in (True, False)
        }
        head, offset = balanced_ridge(left[True], left[False], ridge)
        for row in fold.judged:
            score = float(inputs[_place(row, place_of)] @ head) + offset
            scored.append(Scored(row, score, fold=fold.generator))
        advance("folds", done, len(folds))
    return scored


def _place(row: Row, place_of: Mapping[str, int]) -> int:
    origin = ":".join(row.origin)
    if origin not in place_of:
        raise CorpusError(f"{row.name} is judged, but no clip of the recipe's `speech` is of that recording ({origin})")
    return place_of[origin]


def learning_clips(config: Mapping[str, Any]) -> list[Clip]:
    """The labelled clips of the last folder of a recipe's `speech`.

    Recipes name the corpus as it is judged (coded) first and the same recordings uncompressed behind it. Clips of one
    folder alone keep the coding from telling anything.
    """
    return read_manifest(config["speech"][-1])


def leave_one_out(
    config: Mapping[str, Any], out: Path, *, ridge: float = RIDGE, advance: Advance = silent
) -> dict[str, float]:
    """Write the table of scores and return the EER of every generator.

    `config` is a detector's recipe: `speech` (the last folder is what is learned from and heard), `judged_on` (the
    corpus whose training split names the folds), `cache`.
    """
    if not config.get("judged_on"):
        raise CorpusError("the recipe names no corpus under `judged_on`: its training split says what is left out")
    folds = leave_one_generator_out(read_corpus(config["judged_on"]))
    clips = learning_clips(config)
    paths = [Path(clip.path) for clip in clips]
    inputs = texture_statistics(paths, Path(config.get("cache", out.parent)), advance).astype(np.float64)
    scored = score_folds(folds, clips, inputs, ridge=ridge, advance=advance)
    write_scores(out, scored)
    found = {fold.generator: plain_eer([s for s in scored if s.fold == fold.generator]) for fold in folds}
    return {name: value for name, value in found.items() if value is not None}


def main() -> int:
    """Parse, run, print the worst and the mean."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("recipe", help="a YAML file, or the name of a bundled recipe")
    cli.add_argument("--out", type=Path, required=True, help="the table of scores")
    cli.add_argument("--ridge", type=float, default=RIDGE)
    args = cli.parse_args()
    try:
        config = yaml.safe_load(find_recipe(args.recipe).read_text(encoding="utf-8"))
        with progress_bar() as advance:
            found = leave_one_out(config, args.out, ridge=args.ridge, advance=advance)
    except VoxproofError as error:
        print(f"voxproof: {error}", file=sys.stderr)
        return error.exit_code
    if not found:
        print("no generator of training has two clips and two real ones beside them", file=sys.stderr)
        return 1
    values = sorted(found.items(), key=lambda pair: -pair[1])
    for name, value in values:
        print(f"{100 * value:5.1f} %  {name}")
    print(f"mean of {len(values)} generators: {100 * np.mean(list(found.values())):.1f} %")
    print(f"worst {_WORST}: " + ", ".join(f"{name} {100 * value:.0f} %" for name, value in values[:_WORST]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
