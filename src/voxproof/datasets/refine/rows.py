"""Steps that touch no sound: filter and balance; and what a column says of a row that was joined from several."""

import json
import math
import warnings
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from voxproof.corpora.row import Row
from voxproof.datasets.refine.pieces import Planned, key
from voxproof.datasets.refine.plan import TEXT_COLUMNS, Balance, Filter

JOINED = "joined"  # the key of `extra` that has the values of a joined row's parts, where they differ


def values(row: Row, column: str) -> set[str]:
    """All values of a text column in a row, without the empty one; several if clips that differ were joined."""
    several = _parts(row).get(column)
    return set(several) if several else {getattr(row, column)} - {""}


def merged(rows: Sequence[Row]) -> Row:
    """The row of clips that are joined: what they agree on, their texts one after the other, and all values aside.

    Where they differ a column is empty, and `extra["joined"]` has the values as a JSON object of lists.
    """
    first = rows[0]
    differ = [name for name in Row._fields if name != "extra" and len({getattr(row, name) for row in rows}) > 1]
    empty = {name: Row._field_defaults.get(name, "") for name in differ} | ({"label": ""} if "label" in differ else {})
    extra = {name: value for name, value in first.extra.items() if all(row.extra.get(name) == value for row in rows)}
    texts = " ".join(filter(None, (row.text for row in rows)))
    made = first._replace(**(empty | {"path": first.path, "id": first.id, "text": texts, "extra": extra}))
    told = {name: {one for row in rows for one in values(row, name)} for name in TEXT_COLUMNS}
    several = {name: sorted(found) for name, found in told.items() if found != {getattr(made, name)} - {""}}
    if several:
        extra[JOINED] = json.dumps(several, ensure_ascii=False, sort_keys=True)
    return made


def filtered(rows: Sequence[Planned], step: Filter) -> list[Planned]:
    """Rows as long as asked for; of a column every value has to be among those asked for ('' stands for none)."""
    longest = math.inf if step.longest is None else step.longest

    def fits(row: Row) -> bool:
        lasts = step.shortest <= row.duration_s <= longest
        return lasts and all((values(row, name) or {""}) <= set(one) for name, one in step.columns.items())

    return [one for one in rows if fits(one.row)]


def balanced(rows: Sequence[Planned], step: Balance, seed: int) -> list[Planned]:
    """As many rows of each value of `by` as the rarest has, within each value of `of`; drawn by the seed."""
    groups: dict[tuple[str, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, (row, _) in enumerate(rows):
        groups[tuple(getattr(row, name) for name in step.of)][getattr(row, step.by)].append(number)
    everywhere = {value for found in groups.values() for value in found}
    stay: set[int] = set()
    for group, found in groups.items():
        _warn_of_absent(step, group, everywhere - found.keys())
        least = min(map(len, found.values()))
        for members in found.values():
            stay |= set(sorted(members, key=lambda number: key(rows[number].piece, seed))[:least])
    return [one for number, one in enumerate(rows) if number in stay]


def _warn_of_absent(step: Balance, group: tuple[str, ...], absent: Collection[str]) -> None:
    if absent:
        where = ", ".join(f"{name} {value!r}" for name, value in zip(step.of, group, strict=True))
        lacks = ", ".join(repr(one) for one in sorted(absent))
        warnings.warn(f"balance: {where} has no row whose {step.by} is {lacks}; the others are balanced", stacklevel=4)


def counted(rows: Sequence[Row], column: str) -> dict[str, int]:
    """How many rows each value of a column has, in the order of the values."""
    return dict(sorted(Counter(str(getattr(row, column)) for row in rows).items()))


def _parts(row: Row) -> dict[str, list[str]]:
    if JOINED not in row.extra:
        return {}
    try:
        found = json.loads(row.extra[JOINED])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
