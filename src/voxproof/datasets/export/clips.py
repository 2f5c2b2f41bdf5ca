"""The rows of a manifest with what their files are, for writers that have to tell it exactly."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from voxproof.audio.header import Header, read_header
from voxproof.audio.reading import read_audio
from voxproof.audio.span import Span
from voxproof.audio.stretch import is_long
from voxproof.corpora import Row, placed, read_manifest
from voxproof.errors import AudioError, CorpusError
from voxproof.places import Place, place

_PCM = frozenset(f"pcm_{kind}" for kind in "s16le s24le s32le u8 f32le f64le mulaw alaw".split())
_EXACT = _PCM | {"flac", "vorbis", "opus"}  # whose headers count samples


@dataclass(frozen=True)
class Clip:
    """A row and its file of `frames` samples a channel; the row means those from `first` to before `last`."""

    row: Row
    file: Path
    head: Header
    frames: int
    first: int
    last: int

    @property
    def id(self) -> str:
        """As the manifest has it; else by file and stretch."""
        row = self.row
        return row.id or (f"{row.path}#{row.start_s:g}-{row.end_s:g}" if row.start_s or row.end_s else row.path)

    @property
    def is_whole(self) -> bool:
        """Whether the row means all of its file."""
        return self.last - self.first == self.frames

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return (self.last - self.first) / self.head.rate


def clips(manifest: str | Place) -> Iterator[Clip]:
    """Every row in its order. `CorpusError` at the first whose file is not here or not as the row says, or whose id was
    there before: an export has all rows or is none."""
    where = place(manifest)
    seen: set[int] = set()
    for number, row in enumerate(read_manifest(where), start=1):
        file = placed(row, where)
        if not isinstance(file, Path):
            raise CorpusError(f"{where}: row {number} lies at {file.shown}; bring the sounds to this computer first")
        try:
            head, frames = _measured(str(file))
            first, last = Span(row.start_s, row.end_s).frames(str(file), head.rate, frames)
        except AudioError as reason:
            raise CorpusError(f"{where}: row {number}: {reason}") from None
        clip = Clip(row, file, head, frames, first, last)
        if last <= first:
            raise CorpusError(f"{where}: row {number}: {file}: there is nothing in its stretch")
        if (told := hash(clip.id)) in seen:
            raise CorpusError(f"{where}: row {number}: the id {clip.id!r} is there twice")
        seen.add(told)
        yield clip


@lru_cache(maxsize=1)
def _measured(file: str) -> tuple[Header, int]:
    """The header and the samples a channel; rows that follow each other are often stretches of one recording.

    Where the header only comes near (MP3, M4A, WebM), the sound is decoded and counted, unless that would take hours.
    """
    head = read_header(file)
    if head.codec in _EXACT and head.seconds:
        return head, round(head.seconds * head.rate)
    if is_long(file):
        return head, round(head.seconds * head.rate)
    return head, len(read_audio(file).samples)
