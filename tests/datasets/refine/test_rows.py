"""Steps that plan rows: filter, balance, cut, concatenate; names of what is made; which rows share a file."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxproof.corpora.row import Row, from_cells
from voxproof.datasets.refine.lengths import concatenated, cut
from voxproof.datasets.refine.pieces import Piece, Planned, Stretch, batches, joined, key, together
from voxproof.datasets.refine.plan import Balance, Concatenate, Cut, Filter
from voxproof.datasets.refine.rows import balanced, filtered, merged, values


def names(rows):
    return [one.row.id for one in rows]


def windows(rows):
    return [[(part.start, part.end) for part in one.piece.stretches()] for one in rows]


def test_filter(planned):
    rows = [
        planned("a", 1.0, label="real", language="en"),
        planned("b", 2.0, label="fake", language="en"),
        planned("c", 3.0, label="fake", language=""),
        planned("d", 4.0, label="", language="de"),
    ]
    assert names(filtered(rows, Filter())) == ["a", "b", "c", "d"]
    assert names(filtered(rows, Filter(shortest=2.0, longest=3.0))) == ["b", "c"]
    assert names(filtered(rows, Filter.model_validate({"label": "fake"}))) == ["b", "c"]
    assert names(filtered(rows, Filter.model_validate({"label": ["fake", ""], "language": ["", "de"]}))) == ["c", "d"]
    both = concatenated(rows[1:3], Concatenate(by=("label",), seconds=5), 0)
    assert names(filtered(both, Filter.model_validate({"language": "en"}))) == names(both)
    mixed = concatenated([planned("x", label="real", language="en"), planned("y", label="real", language="de")],
                         Concatenate(by=("label",), seconds=5), 0)  # fmt: skip
    assert filtered(mixed, Filter.model_validate({"language": "en"})) == []
    assert filtered(mixed, Filter.model_validate({"language": ["en", "de"]})) == mixed


def test_balance(planned):
    rows = [planned(f"{n}", label="fake" if n % 4 == 0 else "real", corpus="xy"[n % 8 > 3]) for n in range(40)]
    found = balanced(rows, Balance(by="label"), 0)
    assert sorted(one.row.label for one in found) == ["fake"] * 10 + ["real"] * 10
    assert names(found) == [name for name in names(rows) if name in names(found)]  # in their order
    assert balanced(rows, Balance(by="label"), 0) == found
    assert names(balanced(rows, Balance(by="label"), 1)) != names(found)
    within = balanced(rows, Balance(by="label", of=("corpus",)), 0)
    for corpus in "xy":
        labels = [one.row.label for one in within if one.row.corpus == corpus]
        assert sorted(labels) == ["fake"] * 5 + ["real"] * 5


def test_a_group_without_a_value_is_told(planned):
    rows = [planned(f"{n}", label="real", corpus="x") for n in range(3)]
    rows += [planned("r", label="real", corpus="y"), planned("f", label="fake", corpus="y")]
    with pytest.warns(UserWarning, match="corpus 'x' has no row whose label is 'fake'"):
        assert names(balanced(rows, Balance(by="label", of=("corpus",)), 0)) == names(rows)


def test_windows_one_after_another(planned):
    made, dropped = cut([planned("a", 10.0), planned("b", 2.0), planned("c", 0.5)], Cut(seconds=3, shortest=1), 0)
    assert windows(made) == [[(0, 3)], [(3, 6)], [(6, 9)], [(9, 10)], [(0, 0)]]  # 0 to 0 is the whole file
    assert [one.row.duration_s for one in made] == [3, 3, 3, 1, 2]
    assert dropped == 1
    made, dropped = cut([planned("a", 10.0)], Cut(seconds=3, shortest=2), 0)
    assert (len(made), dropped) == (3, 1)
    made, dropped = cut([planned("a", 9.0)], Cut(seconds=3), 0)
    assert (windows(made), dropped) == ([[(0, 3)], [(3, 6)], [(6, 9)]], 0)
    twice, _ = cut(made, Cut(seconds=1.5, shortest=0.5), 0)
    assert windows(twice)[:4] == [[(0, 1.5)], [(1.5, 3)], [(3, 4.5)], [(4.5, 6)]]
    assert len({one.row.page for one in made}) == 1
    assert made[0].row.page
    paged, _ = cut([planned("a", 9.0, page="p")], Cut(seconds=3), 0)
    assert {one.row.page for one in paged} == {"p"}


def test_random_windows(planned):
    step = Cut(seconds=2, random=50)
    made, dropped = cut([planned("a", 10.0), planned("b", 1.5)], step, 0)
    found = [part for one in made[:-1] for part in windows([one])[0]]
    assert len(found) == 50
    assert all(start >= 0 and end <= 10 and end - start == pytest.approx(2) for start, end in found)
    assert min(found)[0] < 1
    assert max(found)[0] > 7
    assert (made[-1].row.duration_s, dropped) == (1.5, 0)
    assert cut([planned("a", 10.0), planned("b", 1.5)], step, 0)[0] == made
    assert cut([planned("a", 10.0)], step, 1)[0] != made[:-1]


def test_concatenate(planned):
    rows = [planned(f"{n}", 4.0, speaker="ab"[n % 2], label="real", text=f"t{n}", split="") for n in range(10)]
    made = concatenated(rows, Concatenate(by=("speaker",), seconds=10, gap=0.5), 0)
    assert [(one.row.speaker, one.row.duration_s) for one in made] == [
        ("a", 13.0), ("a", 8.5), ("b", 13.0), ("b", 8.5)
    ]  # fmt: skip
    used = [part.file for one in made for part in one.piece.stretches()]
    assert sorted(used) == sorted(names(rows))
    assert used[:5] != ["0", "2", "4", "6", "8"]
    assert made[0].row.text == " ".join(f"t{name}" for name in used[:3])
    other = concatenated(rows, Concatenate(by=("speaker",), seconds=10, gap=0.5), 1)
    assert [part.file for one in other for part in one.piece.stretches()] != used
    exact = concatenated(rows[:6:2], Concatenate(by=("speaker",), seconds=8.5, gap=0.5), 0)
    assert [one.row.duration_s for one in exact] == [8.5, 4.0]


def test_labels_and_splits_are_never_joined(planned):
    rows = [planned(f"{n}", label=["real", "fake"][n % 2], split=["train", "dev"][n // 2 % 2]) for n in range(8)]
    made = concatenated(rows, Concatenate(by=("language",), seconds=100), 0)
    assert sorted((one.row.label, one.row.split) for one in made) == [
        ("fake", "dev"), ("fake", "train"), ("real", "dev"), ("real", "train")
    ]  # fmt: skip
    assert all(one.row.duration_s == 2.0 for one in made)


def test_what_a_joined_row_says():
    one = Row("a", speaker="x", text="One.", page="p", corpus="c", original_sample_rate=8000)
    two = Row("b", speaker="y", text="Two.", page="", corpus="c", original_sample_rate=16000)
    row = merged([one._replace(extra={"k": "1", "l": "1"}), two._replace(extra={"k": "1", "l": "2"})])
    assert (row.speaker, row.text, row.page, row.corpus, row.original_sample_rate) == ("", "One. Two.", "", "c", 0)
    assert row.extra["k"] == "1"
    assert "l" not in row.extra
    assert values(row, "speaker") == {"x", "y"}
    assert values(row, "text") == {"One.", "Two."}
    assert values(row, "page") == {"p"}
    assert values(row, "corpus") == {"c"}
    assert values(row, "generator") == set()
    third = merged([row, Row("c", speaker="z", text="One.", corpus="c")])
    assert values(third, "speaker") == {"x", "y", "z"}
    assert values(third, "text") == {"One.", "Two."}
    assert values(third, "page") == {"p"}
    assert values(merged([row, two]), "page") == {"p"}
    twice = merged([one, one._replace(path="d")])
    assert (twice.text, values(twice, "text")) == ("One. One.", {"One."})
    read = from_cells(Row._fields, row.cells())
    assert values(read, "speaker") == {"x", "y"}
    assert json.loads(read.extra["joined"])["text"] == ["One.", "Two."]


def test_names_are_of_what_a_thing_is_made_of():
    stretch = Stretch(("m", "a.wav"), 5, 0.0, 1.0, "here/a.wav")
    piece = Piece((stretch,))
    assert key(piece, 0) == key(Piece((Stretch(("m", "a.wav"), 5, 0.0, 1.0, "there/a.wav"),)), 0)
    others = [
        Piece((Stretch(("m", "b.wav"), 5, 0.0, 1.0),)),
        Piece((Stretch(("n", "a.wav"), 5, 0.0, 1.0),)),
        Piece((Stretch(("m", "a.wav"), 6, 0.0, 1.0),)),
        Piece((Stretch(("m", "a.wav"), 5, 0.5, 1.0),)),
        Piece((Stretch(("m", "a.wav"), 5, 0.0, 0.9),)),
        piece.then("loudness", -23.0),
        piece.then("loudness", -24.0),
        piece.then("resample", 8000).then("loudness", -23.0),
        piece.then("loudness", -23.0).then("resample", 8000),
        joined([piece, piece], 0.0),
        joined([piece, piece], 0.1),
        joined([piece, piece.then("loudness", -23.0)], 0.1),
        joined([piece, piece], 0.1).then("loudness", -23.0),
    ]
    assert len({key(one, 0) for one in (piece, *others)} | {key(piece, 1)}) == len(others) + 2
    assert len(key(piece, 0)) == 24


@given(st.lists(st.sets(st.integers(0, 12), max_size=3), max_size=12))
def test_who_belongs_together(keys):
    found = together(keys)
    # By hand: flood over shared keys from each item.
    for number, own in enumerate(keys):
        reached, open_ = {number}, set(own)
        while new := {other for other, theirs in enumerate(keys) if other not in reached and theirs & open_}:
            reached |= new
            open_ |= set().union(*(keys[other] for other in new))
        assert {other for other in range(len(keys)) if found[other] == found[number]} == reached


@given(st.lists(st.sets(st.integers(0, 9), min_size=1, max_size=2), max_size=60), st.integers(1, 5), st.integers(5, 9))
def test_batches_have_each_row_once_and_share_no_file(files, size, most):
    rows = [Planned(Row("a"), Piece(tuple(Stretch(("m", str(one)), 1) for one in own))) for own in files]
    made = batches(rows, size, most)
    assert sorted(number for batch in made for number in batch) == list(range(len(rows)))
    assert all(len(batch) <= most for batch in made)
    groups = together(files)
    for group in set(groups):
        if groups.count(group) <= most - size:
            assert sum(any(groups[number] == group for number in batch) for batch in made) == 1
