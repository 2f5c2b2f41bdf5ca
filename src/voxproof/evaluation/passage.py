"""Which sentences of a long text were skipped, said twice or garbled, by what a recogniser heard of the whole.

The words of the text and those of the transcript are aligned at the least number of edits (Levenshtein), and every edit
belongs to a sentence. Nothing is known of where in the sound a sentence should be, so a pause, or a piece of transcript
that ends in the middle of a sentence, does no harm. Both sides should be normalised (`normaliser.normalise`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxproof.evaluation.error_rate import ErrorCount

SKIPPED_FROM = 2 / 3  # share of a sentence's words with nothing heard in their place
HEARD_FROM = 1 / 2  # share of its words heard as they are; with less it was garbled
DOUBLED_FROM = 2 / 3  # share of its words heard once more nearby


@dataclass(frozen=True)
class SaidSentence:
    """One sentence in the transcript: how many of its words were heard, are missing, were taken for other words.

    `extra` counts words heard between its own that stand nowhere in the text. `doubled` says that the sentence itself
    was heard once more; `displaced` counts those of `other` that are such a second copy of a neighbour.
    """

    text: str
    heard: int
    missing: int
    other: int
    extra: int
    displaced: int = 0
    doubled: bool = False

    @property
    def words(self) -> int:
        """Words of the sentence."""
        return self.heard + self.missing + self.other

    @property
    def errors(self) -> ErrorCount:
        """Its share of the word error rate."""
        return ErrorCount(self.missing + self.other + self.extra, self.words)

    @property
    def skipped(self) -> bool:
        """Most of its words are missing, and nothing or a neighbour's second copy stands in their place."""
        return self.words > 0 and self.missing + self.displaced >= SKIPPED_FROM * self.words

    @property
    def garbled(self) -> bool:
        """Something was said in its place that was mostly not understood."""
        return self.words > 0 and not self.skipped and self.heard < HEARD_FROM * self.words


def follow(sentences: Sequence[str], transcript: str) -> list[SaidSentence]:
    """Every sentence of a text, in order, as the transcript has it.

    The errors of all sentences add up to those of the whole (`word_errors` of the joined sentences). An extra word
    between two sentences counts as the earlier one's.
    """
    wanted = [sentence.split() for sentence in sentences]
    flat = [word for words in wanted for word in words]
    got = transcript.split()
    partner = align(flat, got)
    owner = [number for number, words in enumerate(wanted) for _ in words]
    taken = {place: row for row, place in enumerate(partner) if place >= 0}
    # For each sentence the words heard that are not its own: between its words, and in place of them.
    between: list[Counter[str]] = [Counter() for _ in sentences]
    instead: list[Counter[str]] = [Counter() for _ in sentences]
    here = 0
    for place, word in enumerate(got if sentences else []):
        row = taken.get(place)
        if row is None:
            between[here][word] += 1
            continue
        here = owner[row]
        if flat[row] != word:
            instead[here][word] += 1
    doubled, displaced = _doubled(wanted, between, instead)
    found = []
    start = 0
    for number, words in enumerate(wanted):
        missing = sum(place < 0 for place in partner[start : start + len(words)])
        other, extra = instead[number].total(), between[number].total()
        heard = len(words) - missing - other
        found.append(
            SaidSentence(sentences[number], heard, missing, other, extra, displaced[number], number in doubled)
        )
        start += len(words)
    return found


def _doubled(
    wanted: Sequence[Sequence[str]], between: Sequence[Counter[str]], instead: Sequence[Counter[str]]
) -> tuple[set[int], list[int]]:
    """Sentences whose words are among the stray ones around them; of each, how many replaced words were a neighbour's.

    Which of two copies the alignment takes for the right one is chance, and so is where the cut between them lies; and
    a copy may cover a sentence that was skipped. So the order of stray words does not count, and they may stand at a
    neighbour. No word speaks for two sentences: those that it fits best take theirs first.
    """
    left = [one + other for one, other in zip(between, instead, strict=True)]
    displaced = [0] * len(wanted)

    def overlap(number: int) -> float:
        near = sum((left[place] for place in _around(number, len(wanted))), Counter[str]())
        return (Counter(wanted[number]) & near).total() / max(len(wanted[number]), 1)

    found: set[int] = set()
    for number in sorted(range(len(wanted)), key=overlap, reverse=True):
        if not wanted[number] or overlap(number) < DOUBLED_FROM:
            continue
        found.add(number)
        spent = Counter(wanted[number])
        for place in _around(number, len(wanted)):
            used = spent & left[place]
            left[place] -= used
            spent -= used
            displaced[place] += (used & instead[place]).total() if place != number else 0
    return found, displaced


def _around(number: int, count: int) -> range:
    return range(max(number - 1, 0), min(number + 2, count))


def align(wanted: Sequence[str], got: Sequence[str]) -> list[int]:
    """For each wanted word the place in `got` of what was heard for it, -1 for nothing: at the least number of edits.

    Time and memory grow with the product of the lengths: 16 MB for 2,000 words each.
    """
    known = {word: number for number, word in enumerate(dict.fromkeys([*wanted, *got]))}
    hypothesis = np.array([known[word] for word in got], np.int32)
    columns = np.arange(len(got) + 1, dtype=np.int32)
    cost = np.empty((len(wanted) + 1, len(got) + 1), np.int32)
    cost[0] = columns
    for row, word in enumerate(wanted, 1):
        best = cost[row - 1] + 1
        best[1:] = np.minimum(best[1:], cost[row - 1, :-1] + (hypothesis != known[word]))
        # Insertions come from the left: the least of all cells there, each a step dearer for each column between.
        cost[row] = np.minimum.accumulate(best - columns) + columns
    return _way_back(cost, np.array([known[word] for word in wanted], np.int32), hypothesis)


def _way_back(cost: NDArray[np.int32], wanted: NDArray[np.int32], got: NDArray[np.int32]) -> list[int]:
    partner = [-1] * len(wanted)
    row, column = len(wanted), len(got)
    while row and column:
        here = cost[row, column]
        same = wanted[row - 1] == got[column - 1]
        if here == cost[row - 1, column - 1] + (not same):
            row, column = row - 1, column - 1
            partner[row] = column
        elif here == cost[row - 1, column] + 1:
            row -= 1
        else:
            column -= 1
    return partner
