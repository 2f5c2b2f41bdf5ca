"""How near a voice comes to its speaker: cosines of speaker embeddings, raw and normalised.

Everything is measured against the mean embedding of a speaker's real utterances:

- *clone*: the synthetic utterance against its own speaker's mean,
- *other*: the same utterance against the means of the other speakers of that gender, averaged,
- *own*: each real utterance against the mean of the speaker's other real utterances.

Normalised similarity is (clone - other) / (own - other): 0 is just another voice, 1 is the speaker. A cosine alone says
little, because two strangers of one gender may well have 0.6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio
from voxproof.evaluation.bank import Bank, Speaker
from voxproof.evaluation.bootstrap import Interval, Weights, bootstrap, divide
from voxproof.speakers import SpeakerEncoder

Embedding = NDArray[np.float32]


def cosine(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Cosine of the angle between two vectors; 0 if one of them is zero."""
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.dot(one, other)) / size if size else 0.0


@dataclass(frozen=True, eq=False)
class Utterance:
    """An embedding that should be `speaker`'s; `without` names the real utterance that it is, or is a copy of."""

    speaker: Speaker
    embedding: Embedding
    without: int | None = None


@dataclass(frozen=True)
class Cosines:
    """Of one synthetic utterance: to its speaker's mean and, averaged, to the means of the others of that gender."""

    speaker: str
    clone: float
    other: float


@dataclass(frozen=True)
class SimilarityFigures:
    """Means over speakers, each speaker counting the same, with intervals over speakers."""

    clone: Interval
    own: Interval
    other: Interval
    normalised: Interval

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {name: getattr(self, name).as_dict() for name in ("clone", "own", "other", "normalised")}


class SimilarityJudge:
    """One speaker encoder and the real speech of everybody in the bank as it hears it."""

    def __init__(self, encoder: SpeakerEncoder, bank: Bank) -> None:
        self.encoder = encoder
        self.bank = bank
        self.real: dict[str, list[Embedding]] = {
            speaker.name: [encoder.embed(clip.audio()) for clip in speaker.real] for speaker in bank.speakers
        }
        self.means: dict[str, Embedding] = {name: np.mean(found, axis=0) for name, found in self.real.items()}

    def own(self, speaker: Speaker) -> float:
        """Each real utterance against the mean of the speaker's others, averaged."""
        found = self.real[speaker.name]
        return float(np.mean([cosine(one, self.mean(speaker, place)) for place, one in enumerate(found)]))

    def real_utterances(self, speakers: Sequence[Speaker]) -> list[Utterance]:
        """The real speech as trials of its own."""
        return [
            Utterance(speaker, embedding, place)
            for speaker in speakers
            for place, embedding in enumerate(self.real[speaker.name])
        ]

    def embed(self, audio: Audio) -> Embedding:
        """The judge's embedding of an utterance."""
        return self.encoder.embed(audio)

    def mean(self, speaker: Speaker, without: int | None = None) -> Embedding:
        """The speaker's mean, or the mean without one real utterance: what that one, or a copy of it, compares with."""
        if without is None:
            return self.means[speaker.name]
        rest: Embedding = np.mean(
            [one for place, one in enumerate(self.real[speaker.name]) if place != without], axis=0, dtype=np.float32
        )
        return rest

    def cosines(self, speaker: Speaker, embedding: Embedding, *, without: int | None = None) -> Cosines:
        """An utterance that should sound like `speaker`; for `without` see `mean`."""
        others = [cosine(embedding, self.means[one.name]) for one in self.bank.others(speaker)]
        own = cosine(embedding, self.mean(speaker, without))
        return Cosines(speaker.name, own, float(np.mean(others)) if others else float("nan"))

    def figures(self, cosines: Sequence[Cosines]) -> SimilarityFigures:
        """All utterances together."""
        own = {speaker.name: self.own(speaker) for speaker in self.bank.speakers}
        return similarity_figures(cosines, own)

    def trials(self, utterances: Sequence[Utterance]) -> tuple[list[float], list[float], list[str]]:
        """Verification trials: cosines to the own speaker, to others of the same gender, and whose trial each is.

        The names cover the target trials first, then the non-target ones.
        """
        targets = [(one.speaker.name, cosine(one.embedding, self.mean(one.speaker, one.without))) for one in utterances]
        nontargets = [
            (one.speaker.name, cosine(one.embedding, self.means[other.name]))
            for one in utterances
            for other in self.bank.others(one.speaker)
        ]
        return (
            [score for _, score in targets],
            [score for _, score in nontargets],
            [name for name, _ in targets + nontargets],
        )


def similarity_figures(cosines: Sequence[Cosines], own: Mapping[str, float]) -> SimilarityFigures:
    """Figures of utterances of any number of speakers, given each speaker's *own* cosine.

    The normalised similarity is the ratio of the means over speakers, not the mean of their ratios: one speaker whose
    *own* lies near *other* would otherwise decide it.
    """
    names = list(dict.fromkeys(one.speaker for one in cosines))
    clone = np.array([np.mean([one.clone for one in cosines if one.speaker == name]) for name in names])
    other = np.array([np.mean([one.other for one in cosines if one.speaker == name]) for name in names])
    owns = np.array([own[name] for name in names])

    def mean(values: NDArray[np.float64]) -> Interval:
        return bootstrap(lambda weights: divide(weights @ values, weights.sum(axis=1)), names)

    def normalised(weights: Weights) -> NDArray[np.float64]:
        return divide(weights @ (clone - other), weights @ (owns - other))

    return SimilarityFigures(mean(clone), mean(owns), mean(other), bootstrap(normalised, names))
