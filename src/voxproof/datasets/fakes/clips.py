"""The real clips that fakes are made from, and those that must never be used."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from voxproof.corpora.tables import manifest_cells
from voxproof.errors import CorpusError

SHORTEST, LONGEST = 1.5, 4.5  # seconds
NEEDED = ("path", "corpus", "speaker", "duration_s")


@dataclass(frozen=True)
class RealClip:
    """One real recording, as its manifest tells it; what that does not tell is empty."""

    path: str
    corpus: str
    speaker: str
    gender: str
    language: str
    text: str
    seconds: float
    licence: str
    repo: str
    commit: str
    source_path: str

    @property
    def origin(self) -> str:
        """The recording, wherever it is stored; empty where it is not told."""
        return f"{self.repo}:{self.source_path}" if self.repo and self.source_path else ""

    @property
    def usable(self) -> bool:
        """Whether its length is that of the clips fakes are made from."""
        return SHORTEST <= self.seconds <= LONGEST


def read_real(manifests: Iterable[str | Path]) -> list[RealClip]:
    """The real clips of some manifests (or of folders that hold a `manifest.tsv`), each recording once.

    Rows that are labelled fake are left out. `CorpusError` for a manifest that is missing or lacks a column.
    """
    found: dict[str, RealClip] = {}
    for one in manifests:
        path = Path(one) / "manifest.tsv" if Path(one).is_dir() else Path(one)
        for row in manifest_cells(path, NEEDED):
            if row.get("label", "real") != "real":
                continue
            try:
                seconds = float(row["duration_s"])
            except ValueError:
                raise CorpusError(f"{path}: {row['path']} lasts {row['duration_s']!r} s, which is no number") from None
            told = {name: row.get(name, "").strip() for name in RealClip.__annotations__ if name in row}
            told["path"] = str(path.parent / row["path"])
            told["licence"] = row.get("licence") or row.get("corpus_licence", "")
            facts = {name: told.get(name, "") for name in RealClip.__annotations__ if name != "seconds"}
            clip = RealClip(seconds=seconds, **facts)
            found.setdefault(clip.origin or clip.path, clip)
    return list(found.values())


class Judges:
    """Speakers and recordings that judge models: of a bank of speakers, and of the split `dev` of a detector corpus."""

    def __init__(self, bank: str | Path | None = None, corpus: str | Path | None = None) -> None:
        self.speakers: set[str] = set()
        self.origins: set[str] = set()
        if bank is not None:
            self._add(manifest_cells(Path(bank), ("speaker",)))
        if corpus is not None:
            rows = manifest_cells(Path(corpus), ("split", "speaker"))
            self._add([row for row in rows if row["split"] == "dev"])

    def _add(self, rows: Sequence[dict[str, str]]) -> None:
        self.speakers |= {row["speaker"] for row in rows} - {""}
        self.origins |= {
            f"{row['repo']}:{row['source_path']}" for row in rows if row.get("repo") and row.get("source_path")
        }

    def reason(self, clip: RealClip) -> str:
        """Why the clip must not be used; empty if it may."""
        if clip.origin in self.origins:
            return "a recording that judges"
        return "a speaker who judges" if clip.speaker in self.speakers else ""

    def without(self, clips: Iterable[RealClip]) -> tuple[list[RealClip], Counter[str]]:
        """The clips that may be used, and how many may not for which reason."""
        kept, refused = [], Counter[str]()
        for clip in clips:
            reason = self.reason(clip)
            if reason:
                refused[reason] += 1
            else:
                kept.append(clip)
        return kept, refused
