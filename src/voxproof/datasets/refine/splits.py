"""Splits that share no speaker, text, recording or generator, and the machine check that they do not."""

import math
import unicodedata
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from voxproof.corpora.row import Row
from voxproof.datasets.refine.pieces import drawn, together
from voxproof.datasets.refine.plan import TEXT_COLUMNS
from voxproof.datasets.refine.rows import values
from voxproof.errors import CorpusError

OFF = 1 / 3  # of a share: by more than that it is told


def check_disjoint(rows: Iterable[Row], columns: Sequence[str]) -> None:
    """Raise `CorpusError` at the first value of one of these columns that is in two splits.

    Texts are compared without case and punctuation; empty values are nobody's; of a row that was joined from several
    all values count. A row without a split is in none; if no row has one there is nothing to check, which is an error.
    """
    for column in columns:
        if column not in TEXT_COLUMNS:
            raise CorpusError(f"there is no column {column!r}; there are: {', '.join(TEXT_COLUMNS)}")
    first: dict[tuple[str, str], Row] = {}
    checked = False
    for row in rows:
        if not row.split:
            continue
        checked = True
        for kept in keys(row, columns):
            other = first.setdefault(kept, row)
            if other.split != row.split:
                raise CorpusError(
                    f"the splits are not disjoint: {kept[0]} {kept[1][:60]!r} is in {other.split!r} ({other.path}) and "
                    f"in {row.split!r} ({row.path})"
                )
    if not checked:
        raise CorpusError("no row has a split, so nothing can be said of them: put the step 'splits' before 'check'")


def keys(row: Row, columns: Sequence[str]) -> set[tuple[str, str]]:
    """What may be in one split only: column and value."""
    found = {(column, plain(one) if column == "text" else one) for column in columns for one in values(row, column)}
    return {(column, one) for column, one in found if one}


def plain(text: str) -> str:
    """A text as it is compared: its letters, marks and digits alone, all small."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in folded if unicodedata.category(one)[0] in "LMN")


def deal(
    rows: Sequence[Row], shares: Mapping[str, float], disjoint: Sequence[str], seed: int, *, keep: bool = False
) -> list[str]:
    """The split of each row.

    Rows that share a value of a column in `disjoint` are one group. Groups are dealt, large ones first and by the seed
    among those of about the same length, to the split that lacks most of what they have (seconds of each label, and of
    all), and no split stays empty if there are groups enough. With `keep` rows that have a split keep it, and their
    groups with them (`CorpusError` if that cannot be). A `UserWarning` tells of shares that are missed by more than a
    third.
    """
    if not rows:
        return []
    if keep and any(row.split for row in rows):
        check_disjoint(rows, disjoint)
    groups: dict[int, list[int]] = defaultdict(list)
    for number, group in enumerate(together([keys(row, disjoint) for row in rows])):
        groups[group].append(number)
    seconds = {group: _seconds([rows[number] for number in members]) for group, members in groups.items()}
    wanted = _wanted(seconds.values(), shares)
    has = {split: dict.fromkeys(all_of, 0.0) for split, all_of in wanted.items()}
    where: dict[int, str] = {}
    if keep:
        for group, members in groups.items():
            if split := _kept([rows[number] for number in members], disjoint):
                where[group] = split
                _add(has.get(split, {}), seconds[group])
    free = [group for group in groups if group not in where]
    name = {group: min(rows[number].id or rows[number].path for number in groups[group]) for group in free}
    for group in sorted(free, key=lambda one: (-_octave(seconds[one][""]), drawn(seed, name[one]))):
        split = min(shares, key=lambda one: _cost(shares[one], seconds[group], has[one], wanted[one]))
        where[group] = split
        _add(has[split], seconds[group])
    _fill(where, free, seconds, shares)
    _warn(where, seconds, wanted)
    dealt = [""] * len(rows)
    for group, members in groups.items():
        for number in members:
            dealt[number] = rows[number].split if keep and rows[number].split else where[group]
    return dealt


def _kept(rows: Sequence[Row], disjoint: Sequence[str]) -> str:
    """The split that a group has already, if it has one; `CorpusError` if it has two, which a third row connects."""
    splits = sorted({row.split for row in rows if row.split})
    if len(splits) > 1:
        between = next(row for row in rows if not row.split)
        raise CorpusError(
            f"splits: {between.path} belongs to rows of {splits[0]!r} and of {splits[1]!r}, which are to be kept, by "
            f"{' or '.join(disjoint)}; leave it out, or deal without keep"
        )
    return splits[0] if splits else ""


def _seconds(rows: Sequence[Row]) -> dict[str, float]:
    """Seconds of all ("") and of each label ("label real")."""
    found: dict[str, float] = {"": math.fsum(row.duration_s for row in rows)}
    for row in rows:
        found[f"label {row.label}"] = found.get(f"label {row.label}", 0.0) + row.duration_s
    return found


def _wanted(groups: Iterable[Mapping[str, float]], shares: Mapping[str, float]) -> dict[str, dict[str, float]]:
    total: dict[str, float] = defaultdict(float)
    for group in groups:
        _add(total, group)
    return {split: {what: share * much for what, much in total.items()} for split, share in shares.items()}


def _add(to: dict[str, float], group: Mapping[str, float]) -> None:
    for what, much in group.items():
        to[what] = to.get(what, 0.0) + much


def _octave(seconds: float) -> int:
    return math.floor(math.log2(seconds)) if seconds > 0 else -100


def _cost(share: float, group: Mapping[str, float], has: Mapping[str, float], wanted: Mapping[str, float]) -> float:
    """By how much the squared distances from what the split should have grow, as parts of the whole set."""
    return sum(
        share * much * (2 * (has[what] - wanted[what]) + much) / max(wanted[what], 1e-9) ** 2
        for what, much in group.items()
    )


def _fill(
    where: dict[int, str], free: Sequence[int], seconds: Mapping[int, Mapping[str, float]], shares: Mapping[str, float]
) -> None:
    """Give each empty split the shortest group of the split that has most groups, as long as one has two."""
    for split in shares:
        if split in where.values():
            continue
        own = {one: [group for group in free if where[group] == one] for one in shares}
        most = max(own.values(), key=len)
        if len(most) > 1:
            where[min(most, key=lambda group: seconds[group][""])] = split


def _warn(
    where: Mapping[int, str], seconds: Mapping[int, Mapping[str, float]], wanted: Mapping[str, Mapping[str, float]]
) -> None:
    total = math.fsum(one[""] for one in seconds.values()) or 1.0
    has = {split: math.fsum(seconds[group][""] for group in where if where[group] == split) for split in wanted}
    off = [split for split in wanted if abs(has[split] - wanted[split][""]) > OFF * wanted[split][""] + 1e-6]
    if off:
        told = ", ".join(
            f"{one} has {has[one] / total:.1%} of the seconds, not {wanted[one][''] / total:.1%}" for one in off
        )
        largest = max(one[""] for one in seconds.values()) / total
        warnings.warn(
            f"splits: {told}; of {len(seconds)} groups that have to stay together the largest has {largest:.1%}",
            stacklevel=3,
        )
