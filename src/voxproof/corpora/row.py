"""One row of a manifest: a recording, or a stretch of one, and what is known of it."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple


class Row(NamedTuple):
    """What is known of one clip; whatever is not known is empty or 0.

    The first 22 fields are the columns of a manifest as the project has them everywhere. `path` is relative to the
    manifest's folder, or absolute. `label` is `real` or `fake` (empty: not told), `generator` what made a fake and
    `family` of which kind that is, `pair` names what belongs together (the same sentence, say), `page` is the recording
    or page that several clips come from. `end_s` of 0 is the end of the file. `extra` has what this corpus alone knows.
    """

    path: str
    label: str = "real"
    split: str = ""
    page: str = ""
    generator: str = ""
    family: str = ""
    novel: str = ""
    matched: str = ""
    year: str = ""
    corpus: str = ""
    speaker: str = ""
    gender: str = ""
    language: str = ""
    text: str = ""
    duration_s: float = 0.0
    original_sample_rate: int = 0
    original_codec: str = ""
    licence: str = ""
    pair: str = ""
    repo: str = ""
    commit: str = ""
    source_path: str = ""
    id: str = ""
    start_s: float = 0.0
    end_s: float = 0.0
    age: str = ""
    accent: str = ""
    extra: Mapping[str, str] = {}

    def cells(self) -> list[str]:
        """The row as text, in the order of `COLUMNS`; numbers that are 0 and extras that are none are empty."""
        found = [_clean(value) if isinstance(value, str) else _number(value) for value in self[:-1]]
        found.append(json.dumps(dict(self.extra), ensure_ascii=False, sort_keys=True) if self.extra else "")
        return found


COLUMNS = Row._fields
FLOATS = frozenset({"duration_s", "start_s", "end_s"})
WHOLES = frozenset({"original_sample_rate"})
LABELS = ("real", "fake", "")


def from_cells(columns: Sequence[str], cells: Sequence[str]) -> Row:
    """The row of a table's line; columns that a `Row` lacks go into `extra`.

    `ValueError` says what is wrong with it.
    """
    if len(cells) != len(columns):
        raise ValueError(f"{len(cells)} columns where the head has {len(columns)}")
    pick, others = _places(tuple(columns))
    values: list[Any] = list(pick((*cells, *_DEFAULTS)))
    if not values[0]:
        raise ValueError("no path")
    if values[1] not in LABELS:
        raise ValueError(f"the label {values[1][:20]!r} is neither real nor fake")
    for place, name, kind in _NUMBERS:
        values[place] = _parsed(name, values[place], kind) if values[place] else kind(0)
    values[-1] = _extra(values[-1]) if values[-1] else {}
    if others:
        values[-1] |= {name: cells[place] for name, place in others if cells[place]}
    return Row._make(values)


_DEFAULTS = ["", "real", *[""] * (len(COLUMNS) - 2)]  # cells of columns that a head lacks
_NUMBERS = [
    (place, name, float if name in FLOATS else int) for place, name in enumerate(COLUMNS) if name in FLOATS | WHOLES
]


@lru_cache(maxsize=64)
def _places(columns: tuple[str, ...]) -> tuple[Callable[[Sequence[str]], Iterable[str]], list[tuple[str, int]]]:
    """What picks the cells in the order of `COLUMNS` from a line with the defaults behind it, and the columns that a
    `Row` lacks, with their places. Worked out once a head, not a million times."""
    own = {name: place for place, name in enumerate(columns)}
    behind = len(columns)
    pick = itemgetter(*(own.get(name, behind + place) for place, name in enumerate(COLUMNS)))
    return pick, [(name, place) for name, place in own.items() if name not in COLUMNS]


def _parsed(name: str, value: str, kind: type[float] | type[int]) -> float:
    try:
        found = kind(value)
    except ValueError:
        raise ValueError(f"{name} is {value[:20]!r}, no number") from None
    if not 0 <= found < 1e9:  # NaN too
        raise ValueError(f"{name} is {value[:20]}, out of bounds")
    return found


def _extra(value: str) -> dict[str, str]:
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ValueError("extra is no JSON object")
    return {str(key): one if isinstance(one, str) else json.dumps(one) for key, one in found.items()}


def _clean(value: str) -> str:
    """Without what would end a cell or a line."""
    return " ".join(value.split()) if any(mark in value for mark in _ENDS) else value


_ENDS = "\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def _number(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) and value else str(value or "")
