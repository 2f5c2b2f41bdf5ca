"""An export from a manifest, whole or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from voxproof.datasets.export.clips import Clip, clips
from voxproof.datasets.export.huggingface import write_folder
from voxproof.datasets.export.lhotse import write_cuts
from voxproof.errors import CorpusError
from voxproof.files import write_aside
from voxproof.places import Place

FORMATS = ("lhotse", "huggingface")
_CUTS = (".jsonl.gz", ".jsonl")


@dataclass
class Exported:
    """What was written where."""

    out: str
    to: str
    rows: int = 0
    hours: float = 0.0

    def facts(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"hours": round(self.hours, 4)}

    def __str__(self) -> str:
        return f"{self.out}: {self.rows:,} clips, {self.hours:.2f} h"

    def counted(self, found: Iterator[Clip]) -> Iterator[Clip]:
        """Pass clips on, and count them."""
        for clip in found:
            yield clip
            self.rows += 1
            self.hours += clip.seconds / 3600


def export_set(manifest: str | Place, out: str | Path, to: str) -> Exported:
    """Write the rows of a manifest as `to` says: `lhotse` (a file, .jsonl.gz or .jsonl) or `huggingface` (a folder).

    Every row's sound must be there as the row says, on this computer. `CorpusError` if not, or if a folder that is not
    empty stands where one shall be; nothing is left then.
    """
    if to not in FORMATS:
        raise CorpusError(f"cannot export to {to!r}; there are: {', '.join(FORMATS)}")
    target = Path(out)
    done = Exported(str(target), to)
    if to == "lhotse":
        if not target.name.endswith(_CUTS):
            raise CorpusError(f"{target}: a file of lhotse's cuts is called .jsonl.gz or .jsonl")
        with write_aside(target, CorpusError) as aside:
            write_cuts(aside, done.counted(clips(manifest)))
            _need(done, manifest)
        return done
    with _folder_aside(target) as folder:
        write_folder(folder, done.counted(clips(manifest)), title=target.absolute().name)
        _need(done, manifest)
    return done


def _need(done: Exported, manifest: str | Place) -> None:
    if done.rows == 0:
        raise CorpusError(f"{manifest}: there is no row to export")


@contextmanager
def _folder_aside(target: Path) -> Iterator[Path]:
    """`write_aside` for a folder. What a run left that was killed is removed by the next one."""
    target = target.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CorpusError(f"{target}: something is there already; give a folder that is new or empty")
    aside = target.with_name(f".{target.name}-export")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        yield aside
        aside.replace(target)
    except OSError as reason:
        raise CorpusError(f"cannot write {target}: {reason.strerror or reason}") from reason
    finally:
        shutil.rmtree(aside, ignore_errors=True)
