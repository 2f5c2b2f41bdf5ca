"""Splits share nothing that they are not to share, meet their shares, and the check finds what is shared."""

import warnings
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxproof.corpora.row import Row
from voxproof.datasets.refine import check_disjoint
from voxproof.datasets.refine.pieces import together
from voxproof.datasets.refine.rows import merged
from voxproof.datasets.refine.splits import deal, keys, plain
from voxproof.errors import CorpusError

SHARES = {"train": 0.8, "dev": 0.1, "test": 0.1}
ALL = ("speaker", "text", "page", "generator")

few = st.sampled_from(["", "a", "b", "c", "d", "e"])
some = st.builds(
    Row,
    path=st.uuids().map(str),
    label=st.sampled_from(["real", "fake", ""]),
    speaker=few,
    text=st.sampled_from(["", "...", "One two", "one, two!", "Three", "FOUR", "four?"]),
    page=few,
    generator=few,
    split=st.sampled_from(["", "", "train", "dev", "old"]),
    duration_s=st.floats(0.1, 20),
)


def quiet(*args, **kwargs):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return deal(*args, **kwargs)


def shared(rows, splits, columns):
    """Values that are in two splits, told without the code that is tested."""
    where = defaultdict(set)
    for row, split in zip(rows, splits, strict=True):
        for column in columns:
            value = getattr(row, column)
            if column == "text":
                value = value.lower().replace(",", "").replace("!", "").replace("?", "").replace(" ", "").strip(".")
            if value:
                where[column, value].add(split)
    return {what: found for what, found in where.items() if len(found) > 1}


@given(st.lists(some, max_size=30), st.integers(0, 5), st.sets(st.sampled_from(ALL)))
@settings(deadline=None)
def test_nothing_is_shared_and_the_seed_decides(rows, seed, columns):
    columns = sorted(columns)
    splits = quiet(rows, SHARES, columns, seed)
    assert len(splits) == len(rows)
    assert set(splits) <= set(SHARES)
    assert shared(rows, splits, columns) == {}
    dealt = [row._replace(split=split) for row, split in zip(rows, splits, strict=True)]
    if rows:
        check_disjoint(dealt, columns)
    assert quiet(rows, SHARES, columns, seed) == splits


@given(st.lists(some, min_size=1, max_size=30), st.sampled_from([("speaker",), ("text", "page")]))
@settings(deadline=None)
def test_kept_splits_stay_or_are_refused(rows, columns):
    before = [row.split for row in rows]
    has = [row for row in rows if row.split]
    if shared(has, [row.split for row in has], columns):
        with pytest.raises(CorpusError, match="not disjoint"):
            quiet(rows, SHARES, columns, 0, keep=True)
        return
    group = dict(enumerate(together([keys(row, columns) for row in rows])))
    ways = {(group[number], row.split) for number, row in enumerate(rows) if row.split}
    if len(ways) > len({one for one, _ in ways}):
        with pytest.raises(CorpusError, match="which are to be kept"):
            quiet(rows, SHARES, columns, 0, keep=True)
        return
    splits = quiet(rows, SHARES, columns, 0, keep=True)
    assert all(now == was for now, was in zip(splits, before, strict=True) if was)
    assert shared(rows, splits, columns) == {}


@given(st.lists(some, min_size=1, max_size=20), st.sampled_from(ALL))
@settings(deadline=None)
def test_the_check_finds_exactly_what_is_shared(rows, column):
    has = [row for row in rows if row.split]
    wrong = shared(has, [row.split for row in has], [column])
    if not has or wrong:
        with pytest.raises(CorpusError):
            check_disjoint(rows, [column])
    else:
        check_disjoint(rows, [column])


def test_the_check_names_column_value_and_both_splits():
    rows = [
        Row("1.wav", speaker="ann", split="train"),
        Row("2.wav", speaker="", split="train"),
        Row("3.wav", speaker="", split="dev"),
        Row("4.wav", speaker="ann", split="dev"),
    ]
    with pytest.raises(CorpusError, match=r"speaker 'ann' is in 'train' \(1.wav\) and in 'dev' \(4.wav\)"):
        check_disjoint(rows, ["speaker"])
    check_disjoint(rows[:3], ["speaker"])
    with pytest.raises(CorpusError, match="no column 'voice'"):
        check_disjoint(rows, ["voice"])
    with pytest.raises(CorpusError, match="no row has a split"):
        check_disjoint([Row("1.wav")], ["speaker"])


def test_every_part_of_a_joined_row_counts():
    joined = merged([Row("1.wav", speaker="ann", text="One."), Row("2.wav", speaker="ben", text="Two.")])
    rows = [joined._replace(split="train"), Row("3.wav", speaker="ben", split="dev")]
    with pytest.raises(CorpusError, match="speaker 'ben'"):
        check_disjoint(rows, ["speaker"])
    assert len(set(quiet([joined, rows[1]._replace(split="")], {"a": 0.5, "b": 0.5}, ["speaker"], 0))) == 1
    text = [joined._replace(split="train"), Row("3.wav", text="two", split="dev")]
    with pytest.raises(CorpusError, match="text 'two'"):
        check_disjoint(text, ["text"])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Don't stop!", "DONT STOP", True),
        ("Straße", "STRASSE", True),
        ("e\u0301te\u0301", "\u00e9t\u00e9", True),
        ("One two", "One three", False),
        ("\u0915\u093f", "\u0915\u093e", False),  # Hindi: ki, kaa
        ("ate", "\u00e9t\u00e9", False),
    ],
)
def test_texts_are_compared_by_their_letters(one, other, same):
    assert (plain(one) == plain(other)) is same
    assert plain("... !?") == ""


def speakers(count, each=10, seconds=2.0):
    labels = ("real", "fake")
    return [
        Row(f"{n}-{k}", labels[k % 2], speaker=f"s{n}", duration_s=seconds) for n in range(count) for k in range(each)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_shares_and_labels_are_met(seed):
    rows = speakers(50) + [Row(f"r{n}", "fake", speaker=f"only{n}", duration_s=3.0) for n in range(100)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        splits = deal(rows, SHARES, ["speaker"], seed)
    for label in ("real", "fake"):
        total = sum(row.duration_s for row in rows if row.label == label)
        for split, share in SHARES.items():
            has = sum(r.duration_s for r, s in zip(rows, splits, strict=True) if (r.label, s) == (label, split))
            assert has / total == pytest.approx(share, abs=0.03)


def test_labels_are_met_where_each_speaker_has_one():
    rows = [Row(f"{n}", ("real", "fake")[n % 2], speaker=f"s{n}", duration_s=2.0) for n in range(40)]
    for seed in range(5):
        splits = deal(rows, SHARES, ["speaker"], seed)
        for split in ("dev", "test"):
            has = [row.label for row, one in zip(rows, splits, strict=True) if one == split]
            assert sorted(has) == ["fake", "fake", "real", "real"]


def test_the_seed_decides_who_is_where_and_the_order_of_rows_does_not():
    rows = speakers(40)
    found = {tuple(deal(rows, SHARES, ["speaker"], seed)) for seed in range(6)}
    assert len(found) == 6
    backwards = deal(rows[::-1], SHARES, ["speaker"], 0)
    assert backwards[::-1] == deal(rows, SHARES, ["speaker"], 0)


def test_no_split_is_empty_if_there_are_groups_enough():
    assert sorted(set(quiet(speakers(3), SHARES, ["speaker"], 0))) == ["dev", "test", "train"]
    assert set(quiet(speakers(1), SHARES, ["speaker"], 0)) == {"train"}


def test_a_group_that_is_too_large_is_told():
    rows = [row._replace(text="The same sentence.") for row in speakers(9)] + [Row("x", speaker="x", duration_s=1.0)]
    with pytest.warns(UserWarning, match=r"dev has 0.\d% of the seconds, not 10.0%.* of 2 groups .* largest has 99.4%"):
        deal(rows, SHARES, ["speaker", "text"], 0)


def test_a_row_between_two_kept_splits_is_told():
    rows = [Row("t", text="a", split="train"), Row("u", text="a", page="p"), Row("d", page="p", split="dev")]
    with pytest.raises(CorpusError, match="u belongs to rows of 'dev' and of 'train', which are to be kept"):
        deal(rows, SHARES, ["text", "page"], 0, keep=True)
    assert quiet(rows, SHARES, ["text"], 0, keep=True) == ["train", "train", "dev"]


def test_kept_splits_count_for_the_shares():
    rows = [row._replace(split="train") if n < 160 else row for n, row in enumerate(speakers(20))]
    splits = deal(rows, SHARES, ["speaker"], 0, keep=True)
    assert splits[:160] == ["train"] * 160
    assert sorted(splits[160:]) == ["dev"] * 20 + ["test"] * 20
