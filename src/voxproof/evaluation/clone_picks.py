"""Which clones to hear first: of the best, the median and the worst speaker, by likeness and by errors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voxproof.evaluation.clones import Clone
from voxproof.evaluation.measures import Measures

Clips = list[tuple[Clone, Measures]]
Cost = Callable[[Clips], float]

RANKS = ("best", "median", "worst")


@dataclass(frozen=True)
class Pick:
    """One clone, how near it comes to its speaker (0: another voice, 1: the speaker), and why it was chosen."""

    clone: Clone
    measures: Measures
    likeness: float
    reasons: tuple[str, ...]


def picks(measured: Sequence[tuple[Clone, Measures]], likeness: Mapping[Path, float]) -> list[Pick]:
    """At most six clones, each once, by likeness first. `likeness` is by the clip's path.

    Speakers are ranked by the mean of their clips (likeness) or by all their errors over all their words, and of a
    chosen speaker the clip of the same rank is taken: the best one's best, the worst one's worst.
    """
    by_speaker: dict[str, Clips] = {}
    for clone, found in measured:
        by_speaker.setdefault(clone.speaker.name, []).append((clone, found))
    speakers = list(by_speaker.values())

    def unlike(clips: Clips) -> float:
        return -sum(likeness[clone.path] for clone, _ in clips) / len(clips)

    reasons: dict[Path, list[str]] = {}
    costs: dict[str, Cost] = {"likeness": unlike, "word errors": _error_rate}
    for what, cost in costs.items():
        for rank in RANKS:
            clips = [[clip] for clip in _ranked(speakers, cost, rank)]
            ((clone, _),) = _ranked(clips, cost, rank)
            reasons.setdefault(clone.path, []).append(f"{rank} speaker by {what}")
    known = {clone.path: (clone, found) for clone, found in measured}
    return [Pick(*known[path], likeness[path], tuple(said)) for path, said in reasons.items()]


def _error_rate(clips: Clips) -> float:
    return sum(found.words.edits for _, found in clips) / max(sum(found.words.length for _, found in clips), 1)


def _ranked(items: Sequence[Clips], cost: Cost, rank: str) -> Clips:
    ordered = sorted(items, key=cost)
    return ordered[{"best": 0, "median": (len(ordered) - 1) // 2, "worst": -1}[rank]]
