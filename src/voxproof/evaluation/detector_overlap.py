"""Whether training and judging are apart: pages, recordings, generators, speakers and texts, checked by machine.

Pages and recordings must be apart, and a generator that is called novel must not occur in training: a run on splits
that break this is refused. Famous corpora are on many pages, so speakers and texts of the two splits do meet in the
corpus; how many is told, the figures are given without their clips too, and a strict check refuses them as well.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from voxproof.errors import CorpusError
from voxproof.evaluation.detector_protocol import Row

FORBIDDEN = ("pages", "recordings", "novel generators")
ALLOWED = ("speakers", "texts")  # unless the check is strict


@dataclass(frozen=True)
class Overlap:
    """What training and development share: by kind the shared names, and how many development clips have one."""

    shared: dict[str, frozenset[str]]
    clips: dict[str, int]

    def as_dict(self) -> dict[str, dict[str, int]]:
        """For JSON."""
        return {kind: {"shared": len(names), "clips": self.clips[kind]} for kind, names in self.shared.items()}

    def __str__(self) -> str:
        met = [f"{len(names)} {kind} ({self.clips[kind]} clips)" for kind, names in self.shared.items() if names]
        return f"in both splits: {', '.join(met)}" if met else "nothing is in both splits"


def check_disjoint(rows: Sequence[Row], *, strict: bool = False) -> Overlap:
    """What the splits `train` and `dev` share; `CorpusError` where they must not, in speaker and text too if `strict`.

    Pages of whole corpora (`wide-`) are split by recording and may be in both.
    """
    train = [row for row in rows if row.split == "train"]
    dev = [row for row in rows if row.split == "dev"]
    if not train or not dev:
        raise CorpusError("the corpus lacks one of its splits, train and dev, so nothing can be checked")
    keys = {
        "pages": (_pages(train), _pages(dev)),
        "recordings": (_recordings(train), _recordings(dev)),
        "novel generators": (_generators(train), _generators(row for row in dev if row.novel)),
        "speakers": (_speakers(train), _speakers(dev)),
        "texts": (_texts(train), _texts(dev)),
    }
    shared, clips = {}, {}
    for kind, (before, now) in keys.items():
        common = frozenset(before.values()) & frozenset(now.values())
        shared[kind], clips[kind] = common, sum(name in common for name in now.values())
        if common and (kind in FORBIDDEN or strict):
            raise CorpusError(
                f"train and dev share {len(common)} {kind} ({min(common)!r} for one, {clips[kind]} clips): figures on "
                "such splits would say nothing"
            )
    return Overlap(shared, clips)


def apart(rows: Sequence[Row], *kinds: str) -> list[Row]:
    """Development rows that share none of `kinds` (`speakers`, `texts`) with training."""
    train = [row for row in rows if row.split == "train"]
    dev = [row for row in rows if row.split == "dev"]
    left_out: set[str] = set()
    for kind in kinds:
        of = {"speakers": _speakers, "texts": _texts}[kind]
        seen = set(of(train).values())
        left_out |= {path for path, name in of(dev).items() if name in seen}
    return [row for row in dev if row.name not in left_out]


def plain_text(text: str) -> str:
    """Letters and digits alone, small: two sentences that differ in punctuation or capitals are one."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded).split())


def _pages(rows: Iterable[Row]) -> dict[str, str]:
    return {row.name: row.page for row in rows if not row.wide}


def _recordings(rows: Iterable[Row]) -> dict[str, str]:
    return {row.name: ":".join(row.origin) for row in rows}


def _generators(rows: Iterable[Row]) -> dict[str, str]:
    return {row.name: row.generator for row in rows if row.fake}


def _speakers(rows: Iterable[Row]) -> dict[str, str]:
    return {row.name: row.speaker for row in rows if row.speaker}


def _texts(rows: Iterable[Row]) -> dict[str, str]:
    return {row.name: text for row in rows if (text := plain_text(row.text))}
