"""Cuts as lhotse reads them (github.com/lhotse-speech/lhotse): a line of JSON for each row, packed by gzip.

`lhotse.CutSet.from_file("cuts.jsonl.gz")` opens the file. A row is a cut with its recording and one supervision; what
lhotse has no field for stands under the supervision's `custom`. Paths are absolute; of recordings with several channels
a cut has all of them, where Voxproof takes their mean.
"""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from voxproof.corpora import COLUMNS
from voxproof.datasets.export.clips import Clip

_OWN = frozenset({"path", "text", "speaker", "gender", "language", "id", "start_s", "end_s", "duration_s"})


def write_cuts(file: Path, clips: Iterable[Clip]) -> None:
    """One line a clip; the same clips give the same bytes."""
    with file.open("wb") as raw:
        if file.suffix != ".gz":
            raw.writelines(_line(clip) for clip in clips)
            return
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
            packed.writelines(_line(clip) for clip in clips)


def _line(clip: Clip) -> bytes:
    return json.dumps(cut(clip), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def cut(clip: Clip) -> dict[str, Any]:
    """A clip as lhotse's `MonoCut.to_dict` (or `MultiCut.to_dict`) tells it; times are whole samples."""
    row, rate, channels = clip.row, clip.head.rate, list(range(clip.head.channels))
    channel: int | list[int] = channels[0] if len(channels) == 1 else channels
    recording = {
        "id": row.path,
        "sources": [{"type": "file", "channels": channels, "source": str(clip.file.absolute())}],
        "sampling_rate": rate,
        "num_samples": clip.frames,
        "duration": clip.frames / rate,
        "channel_ids": channels,
    }
    known = {name: getattr(row, name) for name in ("text", "language", "speaker", "gender")}
    supervision = {
        "id": clip.id,
        "recording_id": row.path,
        "start": 0.0,
        "duration": clip.seconds,
        "channel": channel,
        **{name: value for name, value in known.items() if value},
        "custom": _custom(clip),
    }
    return {
        "id": clip.id,
        "start": clip.first / rate,
        "duration": clip.seconds,
        "channel": channel,
        "supervisions": [supervision],
        "recording": recording,
        "type": "MonoCut" if len(channels) == 1 else "MultiCut",
    }


def _custom(clip: Clip) -> dict[str, Any]:
    """All else that is known; an empty cell is left out, but not the label."""
    others = {name: value for name, value in zip(COLUMNS, clip.row, strict=True) if name not in _OWN and value}
    if "extra" in others:
        others["extra"] = dict(clip.row.extra)
    return {"label": clip.row.label, **others}
