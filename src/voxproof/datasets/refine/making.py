"""Makes the sound and the pictures of planned rows: every source file is read once, every row is written once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voxproof.audio import Audio, read_audio, write_audio
from voxproof.audio.header import read_header
from voxproof.corpora.row import Row
from voxproof.datasets.refine import pictures
from voxproof.datasets.refine.pieces import Piece, Planned, batches, key
from voxproof.datasets.refine.plan import Pictures, Plan
from voxproof.datasets.refine.sound import Renderer, finished
from voxproof.datasets.refine.sources import origins
from voxproof.datasets.refine.steps import Setting
from voxproof.errors import VoxproofError
from voxproof.evaluation.tasks import run_tasks

FOLDER = "audio"
_AT_ONCE, _MOST_AT_ONCE = 16, 128  # rows


@dataclass(frozen=True)
class _Output:
    """One row to be made: its name, what it is made of, and where its picture goes."""

    name: str
    piece: Piece
    picture: str = ""


@dataclass(frozen=True)
class _Order:
    outputs: tuple[_Output, ...]
    folder: str
    drawn: Pictures | None


def make(planned: Sequence[Planned], plan: Plan, setting: Setting) -> list[Row]:
    """The rows of the result, whose sound and pictures are on disk then; those that fail are problems."""
    drawn, rows = _pictures(plan), _unique(planned, plan.seed)
    outputs = [_Output(name, one.piece, pictures.place(one.row, name) if drawn else "") for name, one in rows.items()]
    orders = [
        _Order(tuple(outputs[number] for number in batch), str(setting.folder), drawn)
        for batch in batches(list(rows.values()), _AT_ONCE, _MOST_AT_ONCE)
    ]
    done: dict[str, float | str] = {}
    for found in run_tasks(_carry_out, orders, what="rows", jobs=setting.workers, advance=setting.advance):
        done |= found
    made: list[Row] = []
    for name, (row, piece) in rows.items():
        seconds = done[name]
        if isinstance(seconds, str):
            setting.problems.add(next(piece.stretches()).file, 0, seconds)
            continue
        extra = dict(row.extra) | {"sources": json.dumps(origins(piece), ensure_ascii=False)}
        made.append(row._replace(path=_path(name), id=name, duration_s=seconds, start_s=0.0, end_s=0.0, extra=extra))
    return made


def _carry_out(order: _Order) -> dict[str, float | str]:
    """By name how long (seconds) each output is, or why it could not be made. A file that is there is whole."""
    renderer, folder = Renderer(), Path(order.folder)
    done: dict[str, float | str] = {}
    for one in order.outputs:
        file, picture = folder / _path(one.name), folder / one.picture
        audio: Audio | None = None
        if not file.is_file():
            try:
                audio = finished(renderer.sound(one.piece))
            except VoxproofError as reason:
                done[one.name] = str(reason)
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            write_audio(file, audio)
        if order.drawn is not None and not picture.is_file():
            audio = audio or read_audio(file)
            pictures.save(picture, pictures.draw(audio, order.drawn.kind, order.drawn.size))
        done[one.name] = round(audio.duration if audio else read_header(file).seconds, 6)
    return done


def _unique(rows: Sequence[Planned], seed: int) -> dict[str, Planned]:
    """By name; of random windows that are the same one stays."""
    found: dict[str, Planned] = {}
    for one in rows:
        found.setdefault(key(one.piece, seed), one)
    return found


def _path(name: str) -> str:
    return f"{FOLDER}/{name[:2]}/{name}.flac"  # in 256 folders: file systems are slow where a million lie in one


def _pictures(plan: Plan) -> Pictures | None:
    return next((step for step in plan.steps if isinstance(step, Pictures)), None)


def files_of(rows: Sequence[Row], plan: Plan) -> set[str]:
    """All files that belong to rows of the result, relative to the set's folder."""
    drawn = {pictures.place(row, row.id) for row in rows} if _pictures(plan) else set()
    return drawn | {row.path for row in rows}
