"""Word and character error rates: the Levenshtein distance to what should have been said, over its length."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass


def edit_distance(reference: Sequence[Hashable], hypothesis: Sequence[Hashable]) -> int:
    """The least number of insertions, deletions and substitutions that turn one sequence into the other."""
    before = list(range(len(hypothesis) + 1))
    for row, wanted in enumerate(reference, 1):
        current = [row]
        for column, got in enumerate(hypothesis, 1):
            current.append(min(before[column] + 1, current[-1] + 1, before[column - 1] + (wanted != got)))
        before = current
    return before[-1]


@dataclass(frozen=True)
class ErrorCount:
    """Edits and the length of the reference; add counts up and divide once, for the rate of a corpus."""

    edits: int
    length: int

    def __add__(self, other: "ErrorCount") -> "ErrorCount":
        return ErrorCount(self.edits + other.edits, self.length + other.length)

    @property
    def rate(self) -> float:
        """Edits over length: may exceed 1; NaN for an empty reference."""
        return self.edits / self.length if self.length else float("nan")


def word_errors(reference: str, hypothesis: str) -> ErrorCount:
    """Edits in words. Both texts should be normalised (`normaliser.normalise`)."""
    wanted = reference.split()
    return ErrorCount(edit_distance(wanted, hypothesis.split()), len(wanted))


def character_errors(reference: str, hypothesis: str) -> ErrorCount:
    """Edits in characters; runs of white space count as one space."""
    wanted = " ".join(reference.split())
    return ErrorCount(edit_distance(wanted, " ".join(hypothesis.split())), len(wanted))
