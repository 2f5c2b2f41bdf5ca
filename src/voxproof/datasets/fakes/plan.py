"""Which real clips get which makers: decided by a seed, spread over speakers, corpora, languages and makers."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, sqrt

from voxproof.datasets.fakes.clips import RealClip
from voxproof.datasets.fakes.maker import Maker
from voxproof.errors import CorpusError

MOST_OF_A_SPEAKER = 12  # clips
REFERENCES = 3  # recordings of a voice that a fake is to have
_ENGLISH = 2.5  # weight of English clips: half of the makers speak, and most of them English
_NEAR = 0.2  # of the clip's length: so near is that of another text's own recording


@dataclass(frozen=True)
class Task:
    """One fake: by which maker, what it says, in whose voice (paths of recordings), from which seed."""

    maker: str
    seed: int
    text: str = ""
    speaker: str = ""
    target: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """A real clip and the fakes that are made of it."""

    name: str  # of its files
    clip: RealClip
    tasks: tuple[Task, ...]


def plan(clips: Sequence[RealClip], makers: Mapping[str, Maker], *, count: int, fakes: int, seed: int = 0) -> list[Job]:
    """`count` clips and `fakes` fakes of them, in an order in which any beginning is a fair sample.

    Groups (corpus and language) get clips by the square root of their size, speakers in turn; makers get fakes by
    their `share`, each on the clips that have fewest so far. A clip meets a maker once, so there may be fewer fakes.
    """
    usable = [clip for clip in clips if clip.usable]
    if not usable:
        raise CorpusError("none of the clips is of a length that fakes are made from (1.5 to 4.5 s)")
    chosen = _choose(usable, count, seed)
    by_speaker, by_group, texts = defaultdict(list), defaultdict(list), []
    for clip in sorted(clips, key=lambda clip: clip.path):
        by_speaker[clip.speaker].append(clip)
        by_group[clip.corpus, clip.language].append(clip)
        if clip.text and clip.language == "en" and clip.usable:
            texts.append(clip)
    tasks: list[list[Task]] = [[] for _ in chosen]
    wanted = _quotas(makers, fakes)
    able = {name: [i for i, clip in enumerate(chosen) if _fits(maker, clip)] for name, maker in makers.items()}
    for name in sorted(makers, key=lambda name: (len(able[name]), name)):
        by_need = sorted(able[name], key=lambda i: (len(tasks[i]), _hash(seed, name, chosen[i].path)))
        for i in by_need[: wanted[name]]:
            tasks[i].append(_task(makers[name], chosen[i], by_speaker, by_group, texts, seed))
    jobs = [
        Job(f"{_hash('clip', clip.origin or clip.path):016x}"[:12], clip, tuple(made))
        for clip, made in zip(chosen, tasks, strict=True)
        if made
    ]
    return sorted(jobs, key=lambda job: job.name)


def _choose(clips: Sequence[RealClip], count: int, seed: int) -> list[RealClip]:
    groups: dict[tuple[str, str], list[RealClip]] = defaultdict(list)
    for clip in clips:
        groups[clip.corpus, clip.language].append(clip)
    ordered = {group: _in_turn(members, seed) for group, members in groups.items()}
    weight = {g: sqrt(len(groups[g])) * (_ENGLISH if g[1] == "en" else 1.0) for g in ordered}
    taken = dict.fromkeys(ordered, 0)
    for _ in range(min(count, sum(map(len, ordered.values())))):
        open_ = [g for g in ordered if taken[g] < len(ordered[g])]
        group = max(open_, key=lambda g: (weight[g] / (taken[g] + 0.5), g))
        taken[group] += 1
    return [clip for group in sorted(ordered) for clip in ordered[group][: taken[group]]]


def _in_turn(clips: Sequence[RealClip], seed: int) -> list[RealClip]:
    """The speakers' first clips, then their second ones, and so on."""
    rank: dict[str, int] = defaultdict(int)
    ranked = []
    for clip in sorted(clips, key=lambda clip: _hash(seed, clip.path)):
        ranked.append((rank[clip.speaker], clip))
        rank[clip.speaker] += 1
    ranked.sort(key=lambda pair: pair[0])
    return [clip for place, clip in ranked if place < MOST_OF_A_SPEAKER]


def _quotas(makers: Mapping[str, Maker], fakes: int) -> dict[str, int]:
    """Whole numbers by share that sum to `fakes`: the largest remainders are rounded up."""
    total = sum(maker.share for maker in makers.values())
    exact = {name: fakes * maker.share / total for name, maker in makers.items()}
    wanted = {name: floor(value) for name, value in exact.items()}
    by_rest = sorted(exact, key=lambda name: (wanted[name] - exact[name], name))
    for name in by_rest[: fakes - sum(wanted.values())]:
        wanted[name] += 1
    return wanted


def _fits(maker: Maker, clip: RealClip) -> bool:
    return maker.speaks is None or (bool(clip.text) and clip.language in maker.speaks)


def _task(
    maker: Maker,
    clip: RealClip,
    by_speaker: Mapping[str, Sequence[RealClip]],
    by_group: Mapping[tuple[str, str], Sequence[RealClip]],
    texts: Sequence[RealClip],
    seed: int,
) -> Task:
    def shuffled(found: Sequence[RealClip]) -> list[RealClip]:
        return sorted(found, key=lambda one: _hash(seed, maker.name, clip.path, one.path))

    text = clip.text
    if maker.other_text:
        near = [one for one in texts if one.text != text and abs(one.seconds / clip.seconds - 1) < _NEAR]
        text = shuffled(near)[0].text if near else text
    speaker = "" if maker.speaks and not maker.voices else clip.speaker
    target: tuple[str, ...] = ()
    if maker.voices:
        others = [one for one in by_group[clip.corpus, clip.language] if one.speaker != clip.speaker]
        if maker.voices == "other" and others:
            speaker = shuffled(others)[0].speaker
        voice = [one.path for one in shuffled(by_speaker[speaker]) if one.path != clip.path]
        own = [clip.path] if speaker == clip.speaker else []
        target = tuple([*own, *voice][:REFERENCES])
    number = _hash(seed, maker.name, clip.origin or clip.path) % 2**31
    return Task(maker.name, number, text, speaker, target)


def _hash(*parts: object) -> int:
    return int.from_bytes(hashlib.sha256("|".join(map(str, parts)).encode()).digest()[:8], "big")
