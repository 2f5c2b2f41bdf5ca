"""{short, long reference} x {short, long text}: the four conditions of an earlier project, in one table.

That project cloned by SV2TTS (arXiv:1806.04558) and found that long texts more than double the errors, whatever the
length of the reference. Its recordings, texts and recogniser are not ours, so rates compare as to their order only; the
ratio of long to short texts compares better, since what is peculiar to speakers and recogniser stands on both sides.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof.evaluation.bootstrap import Interval, Weights, bootstrap, divide
from voxproof.evaluation.clones import Clone
from voxproof.evaluation.measures import Measures
from voxproof.evaluation.report import Table
from voxproof.evaluation.similarity import SimilarityFigures
from voxproof.evaluation.summary import spoken_figures

REFERENCES = {"5": "short", "30": "long"}  # seconds of reference -> what they are called
TEXTS = ("short", "long")
# Word error rates of the earlier project by reference and text; it gave no intervals.
SV2TTS = {("short", "short"): 0.25, ("short", "long"): 0.58, ("long", "short"): 0.16, ("long", "long"): 0.44}

Measured = Sequence[tuple[Clone, Measures]]
Similarity = Callable[[Sequence[Clone]], SimilarityFigures]
"""How near some clones come to their speakers."""


def clone_conditions(measured: Measured, similarity: Similarity) -> dict[str, dict[str, Any]]:
    """Figures by seconds of reference, then by length of text, with `ratio` (WER of long over short) beside the texts.

    Empty unless clones from both lengths of reference are there.
    """
    if not set(REFERENCES) <= {clone.length for clone, _ in measured}:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for length in REFERENCES:
        chosen = [(clone, one) for clone, one in measured if clone.length == length]
        found[length] = {"ratio": long_over_short(chosen)}
        for text in TEXTS:
            said = [(clone, one) for clone, one in chosen if clone.text.length == text]
            spoken = spoken_figures([(clone.speaker, one) for clone, one in said])
            found[length][text] = {
                "clips": len(said),
                "wer": spoken["wer"],
                "similarity": similarity([clone for clone, _ in said]),
                "distillmos": spoken["distillmos"],
            }
    return found


def long_over_short(measured: Measured) -> Interval:
    """Word error rate of long texts over that of short ones, bootstrapped over speakers; NaN if these have no error."""
    edits = np.array([one.words.edits for _, one in measured], np.float64)
    words = np.array([one.words.length for _, one in measured], np.float64)
    long = np.array([clone.text.length == "long" for clone, _ in measured], np.float64)

    def ratio(weights: Weights) -> NDArray[np.float64]:
        rates = [divide(weights @ (edits * of), weights @ (words * of)) for of in (long, 1 - long)]
        return divide(rates[0], rates[1])

    return bootstrap(ratio, [clone.speaker.name for clone, _ in measured])


def conditions_table(figures: Mapping[str, Mapping[str, Any]], judge: str) -> Table:
    """Four rows; the ratio stands in the rows of the long texts."""
    rows: list[list[object]] = []
    for length, reference in REFERENCES.items():
        for text in TEXTS:
            one = figures[length][text]
            long = text == "long"
            rows.append(
                [
                    f"{reference}, {length} s",
                    text,
                    one["clips"],
                    one["wer"],
                    f"{figures[length]['ratio']:.2f}" if long else None,
                    one["similarity"].normalised,
                    f"{one['distillmos']:.2f}",
                    f"{SV2TTS[reference, text]:.2f}",
                    f"{SV2TTS[reference, 'long'] / SV2TTS[reference, 'short']:.2f}" if long else None,
                ]
            )
    return Table(
        "Short and long reference, short and long text",
        [
            "reference",
            "text",
            "clips",
            "WER",
            "WER long / short",
            "normalised similarity",
            "DistillMOS",
            "WER of SV2TTS",
            "its long / short",
        ],
        rows,
        note=f"Short reference: 5 s, long: 30 s (less where the speaker has less). Similarity by {judge}. SV2TTS "
        "(arXiv:1806.04558): as an earlier project measured it in the same four conditions, without intervals and on "
        "recordings, texts and a recogniser of its own, so that the ratios compare better than the rates.",
    )
