"""Journals: what is written is read, whatever is torn off the end; what they say together."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxproof.corpora import Row
from voxproof.datasets.build import journal
from voxproof.datasets.build.done import FAILED, MADE, NONE, Done
from voxproof.datasets.build.journal import ROWS, Entry, Journal, only_run, parsed, settle
from voxproof.errors import CorpusError


def entry(number: int, failed: bool = False, path: str = "") -> Entry:
    row = Row("" if failed else path or "/elsewhere.wav", label="fake", text=f"text {number} é", duration_s=1.25)
    return Entry(number, f"{number:032x}", row._replace(extra={"seed": "3"}), failed)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ROWS).mkdir()
    return tmp_path


def write(folder: Path, name: str, *entries: Entry) -> Path:
    path = folder / ROWS / f"{name}.jsonl"
    book = Journal(path)
    for one in entries:
        book.add(one)
    book.close()
    return path


@pytest.mark.parametrize("failed", [False, True])
def test_a_line_is_read_as_it_was_written(failed: bool) -> None:
    assert parsed(entry(7, failed).line()) == entry(7, failed)


@given(st.integers(0, 10**6), st.booleans(), st.data())
def test_a_torn_line_is_none(number: int, failed: bool, data: st.DataObject) -> None:
    line = entry(number, failed).line()
    torn = line[: data.draw(st.integers(0, len(line) - 2))]
    assert parsed(torn) is None
    assert parsed(torn + b"\n") is None


@pytest.mark.parametrize("line", [b"", b"[]", b"3", b"{}", b'{"n":1,"id":"a","row":3,"failed":false}', b"\xff\xfe"])
def test_what_is_no_entry_is_none(line: bytes) -> None:
    assert parsed(line) is None


def test_a_torn_end_is_made_again(folder: Path) -> None:
    path = write(folder, "1of1-1", entry(0), entry(1), entry(2))
    whole = path.read_bytes()
    for cut in (1, 2, 40, len(entry(2).line()) - 1):
        path.write_bytes(whole[:-cut])
        assert list(Done(folder, 4).missing()) == [2, 3]
    write(folder, "1of1-1", entry(3), entry(2))
    done = Done(folder, 4)
    assert list(done.missing()) == []
    assert [one.number for one in done.entries(MADE)] == [0, 1, 2, 3]
    assert list(done.entries(MADE)) == [entry(n) for n in range(4)]


def test_every_entry_is_on_disk_at_once_for_other_processes(folder: Path) -> None:
    book = Journal(folder / ROWS / "1of1-1.jsonl")
    book.add(entry(0))
    assert list(Done(folder, 1).missing()) == []
    book.close()


def test_made_counts_more_than_failed(folder: Path) -> None:
    write(folder, "1of2-1", entry(0, failed=True), entry(1), entry(2, failed=True))
    write(folder, "2of2-1", entry(0), entry(1, failed=True))
    done = Done(folder, 4)
    assert list(done.state) == [MADE, MADE, FAILED, NONE]
    assert (done.count(MADE), done.count(FAILED), done.count(NONE)) == (2, 1, 1)
    assert list(done.entries(FAILED)) == [entry(2, failed=True)]
    assert list(done.missing()) == [3]


def test_a_row_without_its_sound_is_not_made(folder: Path) -> None:
    write(folder, "1of1-1", entry(0, path="audio/00/a.flac"), entry(1, path="audio/00/b.flac"))
    (folder / "audio" / "00").mkdir(parents=True)
    (folder / "audio" / "00" / "b.flac").write_bytes(b"sound")
    assert list(Done(folder, 2).missing()) == [0]


def test_numbers_beyond_the_plan_are_told(folder: Path) -> None:
    write(folder, "1of1-1", entry(0), entry(9))
    done = Done(folder, 2)
    assert done.strangers == 1
    assert list(done.missing()) == [1]


def test_a_run_waits_for_processes_of_a_killed_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "WAIT", 0.1)
    book = Journal(folder / ROWS / "1of2-1.jsonl")
    settle(folder, "2of2")
    with pytest.raises(CorpusError, match="a process of an earlier run still writes to it"):
        settle(folder, "1of2")
    with pytest.raises(CorpusError, match="another process writes to it"):
        Journal(folder / ROWS / "1of2-1.jsonl", 0.1)
    monkeypatch.setattr(journal, "WAIT", 20.0)
    waiting = threading.Thread(target=settle, args=(folder, "1of2"))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    book.close()
    waiting.join(10.0)
    assert not waiting.is_alive()


def test_one_run_of_a_shard_at_a_time(folder: Path) -> None:
    with only_run(folder, "1of2"):
        with pytest.raises(CorpusError, match="another run of this shard"):
            only_run(folder, "1of2")
        only_run(folder, "2of2").release()
    only_run(folder, "1of2").release()
