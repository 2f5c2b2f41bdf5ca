"""The silence step: where speech begins and ends in each row, and how much silence is left around it.

The length of the silence at the beginning tells fakes from real speech in known corpora (Müller et al.,
arXiv:2106.12914), which a detector learns in place of anything better. Later steps need to know how long a row is
then, so the sound is looked at before they are planned. What was found is kept, and is not looked for again.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from voxproof.corpora.problems import Problems
from voxproof.datasets.refine.pieces import Piece, Planned, batches, fraction, key
from voxproof.datasets.refine.plan import Silence
from voxproof.datasets.refine.sound import Renderer, spoken
from voxproof.errors import CorpusError, VoxproofError
from voxproof.evaluation.tasks import Advance, run_tasks
from voxproof.files import write_aside

FOLDER = "measured"
_AT_ONCE, _MOST_AT_ONCE = 32, 128  # rows
Span = tuple[float, float, float]  # seconds: where speech begins and ends, and how long the whole is


@dataclass(frozen=True)
class _Batch:
    pieces: tuple[Piece, ...]
    names: tuple[str, ...]
    quiet: float
    folder: str


def silenced(
    rows: Sequence[Planned],
    step: Silence,
    seed: int,
    *,
    folder: Path,
    workers: int,
    advance: Advance,
    problems: Problems,
) -> list[Planned]:
    """Rows with the silence at their edges as asked for; what is silent or cannot be read is a problem and left out."""
    if step.leading == step.trailing == "keep":
        return list(rows)
    made: dict[int, Planned] = {}
    orders = batches(rows, _AT_ONCE, _MOST_AT_ONCE)
    names = [key(one.piece, seed) for one in rows]
    tasks = [
        _Batch(tuple(rows[i].piece for i in order), tuple(names[i] for i in order), step.quiet, str(folder / FOLDER))
        for order in orders
    ]
    (folder / FOLDER).mkdir(exist_ok=True)
    for order, found in zip(
        orders, run_tasks(_measured, tasks, what="silence", jobs=workers, advance=advance), strict=True
    ):
        for number, span in zip(order, found, strict=True):
            if isinstance(span, str):
                problems.add(next(rows[number].piece.stretches()).file, 0, span)
            else:
                made[number] = edges(rows[number], span, step, partial(fraction, seed, names[number]))
    return [made[number] for number in sorted(made)]


def edges(one: Planned, span: Span, step: Silence, random: Callable[[str], float]) -> Planned:
    """A row of which `span` is speech: silence that is too long is cut, and what lacks is made from its room tone."""
    first, last, lasts = span
    there = (first, lasts - last)
    wanted = [
        {"keep": has, "remove": 0.0, "randomise": random(edge) * step.most}[asked]
        for edge, asked, has in zip(("leading", "trailing"), (step.leading, step.trailing), there, strict=True)
    ]
    start, end = round(max(0.0, first - wanted[0]), 6), round(min(lasts, last + wanted[1]), 6)
    more = [round(max(0.0, want - has), 6) for want, has in zip(wanted, there, strict=True)]
    if any(more):
        piece = one.piece.then("edges", start, end, *more, float(int(random("tone") * 2**52)))
    else:
        piece = one.piece if (start, end) == (0.0, round(lasts, 6)) else one.piece.kept(start, end)
    return Planned(one.row._replace(duration_s=round(end - start + sum(more), 6)), piece)


def _measured(batch: _Batch) -> list[Span | str]:
    """Of each piece where speech is, or why that cannot be told; the former is also written down."""
    told = hashlib.blake2b(json.dumps([batch.names, batch.quiet]).encode(), digest_size=12).hexdigest()
    file = Path(batch.folder) / f"{told}.json"
    known: dict[str, list[float]] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    spans: dict[str, Span] = {name: (one[0], one[1], one[2]) for name, one in known.items()}
    renderer = Renderer()
    found: list[Span | str] = []
    for name, piece in zip(batch.names, batch.pieces, strict=True):
        try:
            if name not in spans:
                sound = renderer.sound(piece)
                spans[name] = (*spoken(sound, batch.quiet), sound.duration)
            found.append(spans[name])
        except VoxproofError as reason:
            found.append(str(reason))
    if len(spans) > len(known):
        with write_aside(file, CorpusError) as aside:
            aside.write_text(json.dumps(spans, indent=0), encoding="utf-8")
    return found
