"""Steps that make rows of another length: cut into windows, and concatenate."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from voxproof.datasets.refine.pieces import Planned, fraction, joined, key
from voxproof.datasets.refine.plan import Concatenate, Cut
from voxproof.datasets.refine.rows import merged

_LEAST = 1e-6  # seconds: what lengths are rounded to


def cut(rows: Sequence[Planned], step: Cut, seed: int) -> tuple[list[Planned], int]:
    """Windows of each row, and how many stretches were too short to keep.

    A row that is shorter than a window is kept whole if it lasts `shortest`. Windows of one clip are of one recording:
    where `page` is empty it becomes the clip's name, so that splits can keep them together.
    """
    made: list[Planned] = []
    dropped = 0
    for one in rows:
        windows = list(_windows(one, step, seed))
        long = [(start, end) for start, end in windows if end - start >= min(step.shortest, step.seconds) - _LEAST]
        dropped += len(windows) - len(long)
        for start, end in long:
            whole = start == 0 and end == one.row.duration_s
            piece = one.piece if whole else one.piece.kept(start, end)
            page = one.row.page or key(one.piece, seed)
            made.append(Planned(one.row._replace(duration_s=round(end - start, 6), page=page), piece))
    return made, dropped


def _windows(one: Planned, step: Cut, seed: int) -> Iterator[tuple[float, float]]:
    lasts = one.row.duration_s
    if lasts <= step.seconds + _LEAST:
        yield 0.0, lasts
        return
    if step.random:
        name = key(one.piece, seed)
        for number in range(step.random):
            start = round(fraction(seed, name, number) * (lasts - step.seconds), 6)
            yield start, start + step.seconds
        return
    for number in range(int((lasts + _LEAST) / step.seconds)):
        yield number * step.seconds, (number + 1) * step.seconds
    rest = int((lasts + _LEAST) / step.seconds) * step.seconds
    if lasts - rest > _LEAST:
        yield rest, lasts


def concatenated(rows: Sequence[Planned], step: Concatenate, seed: int) -> list[Planned]:
    """Rows of the same values in `by`, label and split, joined in random order until they last `seconds`.

    The last one of a group is shorter. An empty value is a value like others. Groups come in the order of their first
    rows.
    """
    groups: dict[tuple[str, ...], list[Planned]] = defaultdict(list)
    for one in rows:
        groups[tuple(getattr(one.row, name) for name in (*step.by, "label", "split"))].append(one)
    return [_joined(run, step.gap) for group in groups.values() for run in _runs(group, step, seed)]


def _runs(group: Sequence[Planned], step: Concatenate, seed: int) -> Iterator[list[Planned]]:
    run: list[Planned] = []
    lasts = 0.0
    for one in sorted(group, key=lambda one: key(one.piece, seed)):
        lasts += one.row.duration_s + (step.gap if run else 0)
        run.append(one)
        if lasts >= step.seconds - _LEAST:
            yield run
            run, lasts = [], 0.0
    if run:
        yield run


def _joined(run: Sequence[Planned], gap: float) -> Planned:
    lasts = sum(one.row.duration_s for one in run) + gap * (len(run) - 1)
    row = merged([one.row for one in run]) if len(run) > 1 else run[0].row
    return Planned(row._replace(duration_s=round(lasts, 6)), joined([one.piece for one in run], gap))
