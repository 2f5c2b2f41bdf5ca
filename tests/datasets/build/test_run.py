"""Runs: any number of processes, shards, failures, other plans."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from voxproof.audio import Audio, write_audio
from voxproof.corpora import Row, read_manifest, write_manifest
from voxproof.datasets.build import build_set, journal, load_plan, merge_folders
from voxproof.datasets.build.crew import Crew
from voxproof.datasets.build.folder import sweep
from voxproof.datasets.build.local import run_here
from voxproof.datasets.build.run import Shard
from voxproof.datasets.build.selected import Selected
from voxproof.datasets.build.units import Units
from voxproof.errors import CorpusError

Write = Callable[..., Path]
Read = Callable[[Path], Any]
PHONE = [{"degrade": {"condition": "phone"}}]


def test_two_processes_make_the_same_bytes(corpus: Path, whole: Path, tmp_path: Path, content: Read) -> None:
    done = build_set(corpus / "plan.yaml", tmp_path / "two", workers=2)
    assert done.made == 16
    assert content(tmp_path / "two") == content(whole)
    assert {path.name for path in (tmp_path / "two" / "rows").glob("*.jsonl")} == {"1of1-1.jsonl", "1of1-2.jsonl"}


def test_a_set_that_is_whole_stays_as_it_is(corpus: Path, whole: Path, content: Read) -> None:
    before = content(whole), {path: path.stat().st_mtime_ns for path in whole.rglob("*.flac")}
    done = build_set(corpus / "plan.yaml", whole)
    assert (done.made, done.merged.rows) == (0, 16)
    assert "nothing was left to make" in str(done)
    assert (content(whole), {path: path.stat().st_mtime_ns for path in whole.rglob("*.flac")}) == before


def test_a_sound_that_is_lost_is_made_again(plan: Write, tmp_path: Path, content: Read) -> None:
    given, out = plan(make=PHONE), tmp_path / "set"
    build_set(given, out)
    before = content(out)
    lost = next(out.rglob("*.flac"))
    lost.unlink()
    lost.with_name(f".{lost.stem}-0a1b2c3d.flac").write_bytes(b"half of it")  # as a killed run leaves them
    lost.with_name(f".{lost.name}-0a1b2c3d.json").write_bytes(b"{")
    assert build_set(given, out).made == 1
    assert content(out) == before


def test_a_run_waits_for_the_processes_of_the_one_before(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_set(many, tmp_path / "set", shard="1/2")
    monkeypatch.setattr(journal, "WAIT", 0.1)
    book = journal.Journal(tmp_path / "set" / "rows" / "2of2-2.jsonl")  # a second process, of a run that was killed
    with pytest.raises(CorpusError, match="still writes to it"):
        build_set(many, tmp_path / "set", shard="2/2")
    book.close()
    assert build_set(many, tmp_path / "set", shard="2/2").merged.missing == 0


def test_what_another_shard_is_writing_is_left_to_it(tmp_path: Path) -> None:
    ours, theirs = "a" * 32, "b" * 32
    for id in (ours, theirs):
        (tmp_path / "audio" / id[:2]).mkdir(parents=True)
        (tmp_path / "audio" / id[:2] / f".{id}-0a1b2c3d.flac").write_bytes(b"half")
    sweep(tmp_path, iter([ours]))
    assert [path.name for path in tmp_path.rglob(".*")] == [f".{theirs}-0a1b2c3d.flac"]


def test_rows_that_fail_are_told_and_tried_again_when_asked(
    tmp_path: Path, voices: dict[str, Audio], entries: Read
) -> None:
    rows = [Row(f"{name}.wav", label=label, id=name) for name, label in (("a", "real"), ("b", "fake"), ("c", "real"))]
    write_manifest(tmp_path / "m.tsv", rows)
    write_audio(tmp_path / "a.wav", voices["anna"])
    (tmp_path / "b.wav").write_text("no sound")
    (tmp_path / "p.yaml").write_text(json.dumps({"manifest": "m.tsv", "make": [{"copy": {"vocoder": "griffinlim"}}]}))
    out = tmp_path / "set"
    done = build_set(tmp_path / "p.yaml", out)
    assert (done.made, done.failed, done.merged.rows, done.merged.failed) == (2, 4, 2, 4)
    lines = (out / "failed.tsv").read_text().splitlines()
    failed = [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]]
    assert [(row["pair"], row["path"], row["label"]) for row in failed] == [
        ("b", "", "fake"), ("b", "", "fake"), ("c", "", "real"), ("c", "", "fake"),
    ]  # fmt: skip
    said = [json.loads(row["extra"])["error"] for row in failed]
    assert "b.wav" in said[0]
    assert "no such file" in said[2]
    assert [row.pair for row in read_manifest(out)] == ["a", "a"]
    write_audio(tmp_path / "c.wav", voices["ben"])
    assert build_set(tmp_path / "p.yaml", out).made == 0
    done = build_set(tmp_path / "p.yaml", out, retry_failed=True)
    assert (done.made, done.failed, done.merged.rows, done.merged.failed) == (2, 2, 4, 2)
    assert [row.pair for row in read_manifest(out)] == ["a", "a", "c", "c"]
    write_audio(tmp_path / "b.wav", voices["ben"])
    build_set(tmp_path / "p.yaml", out, retry_failed=True)
    assert not (out / "failed.tsv").exists()
    assert len(entries(out)) == 6 + 4 + 2


@pytest.mark.parametrize(("units", "shards"), [(0, 1), (1, 3), (64, 2), (65, 2), (1000, 3), (200, 7)])
def test_shards_share_all_units(units: int, shards: int) -> None:
    parts = [list(Shard(number, shards).numbers(units)) for number in range(1, shards + 1)]
    assert sorted(one for part in parts for one in part) == list(range(units))


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/0", "1/2/3", "-1/2"])
def test_what_is_no_shard(text: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="give i/n"):
        build_set(tmp_path / "none.yaml", tmp_path / "set", shard=text)


@pytest.fixture
def many(tmp_path: Path, voices: dict[str, Audio]) -> Path:
    """A plan of 150 rows that nothing is made of but rows, and of one clip a row of sound: two shards each."""
    write_audio(tmp_path / "a.wav", Audio(voices["anna"].samples[:8000], 16_000))
    rows = [Row("a.wav", id=f"i{n}", start_s=n / 1000, end_s=n / 1000 + 0.1) for n in range(150)]
    write_manifest(tmp_path / "m.tsv", rows)
    (tmp_path / "p.yaml").write_text(json.dumps({"manifest": "m.tsv", "make": ["null"]}))
    return tmp_path / "p.yaml"


def test_shards_in_one_folder(many: Path, tmp_path: Path, content: Read) -> None:
    build_set(many, tmp_path / "whole")
    first = build_set(many, tmp_path / "set", shard="2/2")
    assert first.merged.missing == 300 - first.made > 0
    assert "other shards have the rest" in str(first)
    assert not (tmp_path / "set" / "manifest.tsv").exists()
    assert build_set(many, tmp_path / "set", shard="1/2").merged.missing == 0
    assert content(tmp_path / "set") == content(tmp_path / "whole")


def test_shards_of_several_folders_are_merged(many: Path, tmp_path: Path, content: Read) -> None:
    build_set(many, tmp_path / "whole")
    for number, shard in ((1, "1/3"), (2, "2/3"), (3, "3/3"), (4, "1/2")):
        build_set(many, tmp_path / f"s{number}", shard=shard)
    some = merge_folders([tmp_path / "s1", tmp_path / "s2"], tmp_path / "some")
    assert some.missing == 300 - some.rows == 64 + 0
    assert some.missing_numbers == "128-191"
    assert len(list(read_manifest(tmp_path / "some"))) == some.rows
    places = [tmp_path / f"s{number}" for number in (1, 2, 3, 4)]  # the fourth one has what others have too
    for _ in range(2):  # it may be called again
        merged = merge_folders(places, tmp_path / "all")
        assert (merged.rows, merged.missing) == (300, 0)
        assert content(tmp_path / "all") == content(tmp_path / "whole")
    assert merge_folders(places).rows == 300
    assert content(tmp_path / "s1") == content(tmp_path / "whole")
    assert build_set(many, tmp_path / "s1").made == 0


def test_only_shards_of_one_plan_are_merged(many: Path, plan: Write, tmp_path: Path) -> None:
    build_set(many, tmp_path / "one", shard="1/2")
    build_set(plan(make=["null"]), tmp_path / "other")
    with pytest.raises(CorpusError, match="it is no part of the set in"):
        merge_folders([tmp_path / "one", tmp_path / "other"])
    with pytest.raises(CorpusError, match="there is no set of voxproof dataset build in it"):
        merge_folders([tmp_path / "one", tmp_path / "nowhere"])


def test_another_plan_is_refused(many: Path, tmp_path: Path) -> None:
    out = tmp_path / "set"
    build_set(many, out, shard="1/2")
    tree = json.loads(many.read_text())
    for changed, said in (({"seed": 1}, "the key 'seed' of its plan is another"), ({"limit": 3}, "the key 'limit'")):
        many.write_text(json.dumps(tree | changed))
        with pytest.raises(CorpusError, match=said) as caught:
            build_set(many, out, shard="2/2")
        assert "build into another folder, or go back to" in str(caught.value)
        assert "plan.yaml" in str(caught.value)
    many.write_text(json.dumps(tree))
    manifest = tmp_path / "m.tsv"
    before = manifest.read_text()
    manifest.write_text(before.replace("i7\t", "j7\t"))
    with pytest.raises(CorpusError, match="a manifest or a file of texts holds something else now"):
        build_set(many, out, shard="2/2")
    manifest.write_text(before)
    assert build_set(many, out, shard="2/2").merged.missing == 0


def test_a_folder_of_something_else_is_left_alone(many: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "manifest.tsv").write_text("precious")
    with pytest.raises(CorpusError, match="it holds something else"):
        build_set(many, tmp_path / "mine")
    (tmp_path / "mine" / "begun.json").write_text("{")
    with pytest.raises(CorpusError, match="damaged"):
        build_set(many, tmp_path / "mine")
    assert (tmp_path / "mine" / "manifest.tsv").read_text() == "precious"
    many.write_text(json.dumps({"manifest": "none.tsv", "make": ["null"]}))
    with pytest.raises(CorpusError, match=r"none\.tsv: there is no such manifest"):
        build_set(many, tmp_path / "set")
    assert not (tmp_path / "set").exists()


class Odd:
    """Fails in ways that nobody has thought of, for some units."""

    def make(self, unit: Any) -> Row:
        if unit.number % 3 == 0:
            raise ZeroDivisionError("by zero")
        return unit.source._replace(path=unit.sound.sound)

    def failed(self, unit: Any, error: str) -> Row:
        return unit.source._replace(path="", extra={"error": error})


def some_units(many: Path, folder: Path) -> Units:
    plan = load_plan(many)
    return Units(plan, Selected(plan, folder), [[]] * len(plan.orders))


def test_a_mistake_in_one_unit_does_not_end_the_run(many: Path, tmp_path: Path, entries: Read) -> None:
    (tmp_path / "set" / "rows").mkdir(parents=True)
    units = some_units(many, tmp_path)
    told: list[bool] = []
    run_here(
        map(units.__getitem__, range(6)), Odd(), tmp_path / "set" / "rows" / "1of1-1.jsonl",
        lambda seconds, failed: told.append(failed),
    )  # fmt: skip
    assert told == [True, False, False] * 2
    assert json.loads(entries(tmp_path / "set")[3]["row"]["extra"]) == {"error": "ZeroDivisionError: by zero"}


def deadly(connection: Any, journal: str) -> None:
    """A process that two units end."""
    connection.send("ready")
    while (units := connection.recv()) is not None:
        for unit in units:
            if unit.number in (2, 5):
                os._exit(9)
            with Path(journal).open("a") as file:
                file.write(f"{unit.number}\n")
            connection.send((1.0, False))


def test_a_process_that_cannot_even_start_ends_the_run(many: Path, tmp_path: Path, monkeypatch: Any) -> None:
    from multiprocessing import get_context

    fork = get_context("fork")

    def start(self: Crew, number: int) -> tuple[Any, Any]:
        ours, theirs = fork.Pipe()
        process = fork.Process(target=os._exit, args=(7,), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    monkeypatch.setattr(Crew, "_start", start)
    (tmp_path / "rows").mkdir()
    units = some_units(many, tmp_path)
    with pytest.raises(CorpusError, match=r"before it had loaded its models \(exit code 7\)"):
        Crew(load_plan(many), tmp_path, "1of1", 1, Odd().failed).run(map(units.__getitem__, range(8)), 4, print)
    assert list((tmp_path / "rows").iterdir()) == []


def test_a_unit_that_ends_its_process_twice_has_failed(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entries: Read
) -> None:
    """The others are made; nobody waits for ever."""
    from multiprocessing import get_context

    out = tmp_path / "set"
    (out / "rows").mkdir(parents=True)
    fork = get_context("fork")

    def start(self: Crew, number: int) -> tuple[Any, Any]:
        ours, theirs = fork.Pipe()
        process = fork.Process(target=deadly, args=(theirs, str(out / f"made-{number}")), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    monkeypatch.setattr(Crew, "_start", start)
    units = some_units(many, tmp_path)
    told: list[bool] = []
    crew = Crew(load_plan(many), out, "1of1", 1, Odd().failed)
    crew.run(map(units.__getitem__, range(8)), 4, lambda seconds, failed: told.append(failed))
    made = sorted(int(line) for path in out.glob("made-*") for line in path.read_text().split())
    assert made == [0, 1, 3, 4, 6, 7]
    assert sorted(entry["n"] for entry in entries(out)) == [2, 5]
    assert "the process that made it ended 2 times (exit code 9)" in entries(out)[0]["row"]["extra"]
    assert (told.count(False), told.count(True)) == (6, 2)
