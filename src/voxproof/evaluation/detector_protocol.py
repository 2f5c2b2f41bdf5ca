"""The rules by which a detector is judged, and the corpus that they are written for.

The figure that counts is the EER of fakes whose generator occurs nowhere in training, from pages where real and fake
have the same codec and sampling rate, neural codec copies left out, against the real clips of the same pages. Second
come all clips, and codec copies by themselves. `detector_overlap` checks that the splits are as disjoint as that says.
"""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from voxproof.errors import CorpusError

OWN_SET = ("path", "label", "page")  # what a set of one's own has to tell of its clips
JUDGED = (*OWN_SET, *"split generator family novel matched speaker language gender".split())
JUDGED += ("original_codec", "repo", "source_path")


@dataclass(frozen=True)
class Row:
    """One clip of the corpus, as its manifest tells it; what it does not tell is empty."""

    path: Path
    name: str  # the path as the manifest has it
    label: str
    split: str
    page: str
    generator: str
    family: str
    novel: bool
    matched: bool
    speaker: str
    language: str
    gender: str  # f, m or empty
    codec: str
    source_rate: str  # Hz, before the corpus was coded
    text: str
    origin: tuple[str, str]  # repository and path: the same in two rows means the same recording

    @property
    def fake(self) -> bool:
        """Whether a machine made it."""
        return self.label == "fake"

    @property
    def wide(self) -> bool:
        """Whether it is of a page of real speech alone: whole corpora, which hold real clips of many kinds."""
        return self.page.startswith("wide-")


def read_corpus(folder: str | Path, columns: Collection[str] = JUDGED) -> list[Row]:
    """All rows of `manifest.tsv` in `folder`, every split. `CorpusError` if it is missing or lacks one of `columns`."""
    manifest = Path(folder) / "manifest.tsv"
    if not manifest.is_file():
        raise CorpusError(f"no {manifest}: give the folder of the detector corpus")
    try:
        with manifest.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t")
            table = [{key: value or "" for key, value in row.items() if key is not None} for row in reader]
            there = reader.fieldnames or ()
    except (UnicodeDecodeError, csv.Error) as reason:
        raise CorpusError(f"{manifest} is not a table of tab-separated text: {reason}") from None
    missing = [column for column in columns if column not in there]
    if missing:
        raise CorpusError(f"{manifest} has no column {', '.join(map(repr, missing))}")
    rows = [_row(manifest.parent, row) for row in table]
    odd = next((row for row in rows if row.label not in ("real", "fake")), None)
    if odd is not None:
        raise CorpusError(f"{manifest}: {odd.name} is labelled {odd.label!r}; a clip is real or fake")
    return rows


def _row(folder: Path, row: dict[str, str]) -> Row:
    def told(column: str) -> str:
        return row.get(column, "").strip()

    return Row(
        path=folder / told("path"),
        name=told("path"),
        label=told("label"),
        split=told("split"),
        page=told("page"),
        generator=told("generator"),
        family=told("family"),
        novel=told("novel") == "1",
        matched=told("matched") == "1",
        speaker=told("speaker"),
        language=told("language"),
        gender=told("gender").lower()[:1],
        codec=told("original_codec"),
        source_rate=told("original_sample_rate"),
        text=told("text"),
        origin=(told("repo"), told("source_path") or told("path")),
    )


class HasRow(Protocol):
    """A clip of the corpus with something known of it (a score, say)."""

    @property
    def row(self) -> Row:
        """Which clip it is."""


S = TypeVar("S", bound=HasRow)


def that_counts(clips: Sequence[S]) -> list[S]:
    """Novel, matched fakes without codec copies, and the real clips of matched pages that hold such fakes."""
    fakes = [s for s in clips if s.row.fake and s.row.novel and s.row.matched and s.row.family != "codec"]
    pages = {s.row.page for s in fakes}
    return fakes + [s for s in clips if not s.row.fake and s.row.matched and s.row.page in pages]


def with_real_of_their_pages(fakes: Sequence[S], clips: Sequence[S]) -> list[S]:
    """Fakes and the real clips that were published beside them."""
    pages = {s.row.page for s in fakes}
    return [*fakes, *(s for s in clips if not s.row.fake and s.row.page in pages)]
