"""What is the same for every corpus: the marker, doubled ids, headers, paths, facts."""

import json
from collections.abc import Iterator

import pytest

from voxproof.corpora import Row, corpora, placed, prepare, read_manifest
from voxproof.corpora.base import Corpus
from voxproof.errors import CorpusError, ModelError


@pytest.mark.parametrize("name", corpora.names())
def test_every_corpus_says_what_it_is(name) -> None:
    one = corpora.get(name)
    assert issubclass(one, Corpus)
    assert one.title
    assert one.__doc__
    assert one.languages
    assert one.licence
    assert one.labels in ("real", "fake", "real, fake", "")
    assert one.home.startswith("https://") or name == "folder"
    assert one.hours >= 0


@pytest.mark.parametrize("name", corpora.names())
def test_every_corpus_refuses_a_folder_that_is_another(name, tmp_path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(CorpusError) as caught:
        prepare(name, tmp_path, tmp_path / "out.tsv")
    assert "\n" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt"]


def test_what_is_done_is_not_done_twice(tmp_path, clip) -> None:
    clip(tmp_path / "set" / "a.wav")
    first = prepare("folder", tmp_path / "set", tmp_path / "m.tsv")
    marker = json.loads((tmp_path / "m.tsv.done.json").read_text())
    assert marker["rows"] == 1
    assert marker["manifest"] == "m.tsv"
    clip(tmp_path / "set" / "b.wav")
    assert prepare("folder", tmp_path / "set", tmp_path / "m.tsv") == first
    assert prepare("folder", tmp_path / "set", tmp_path / "m.tsv", again=True).rows == 2
    clip(tmp_path / "other" / "c.wav")
    assert prepare("folder", tmp_path / "other", tmp_path / "m.tsv").rows == 1  # another folder is another corpus
    assert prepare("folder", tmp_path / "set", tmp_path / "m.tsv").rows == 2
    (tmp_path / "m.tsv").write_text("path\n")  # somebody changed it: not what was prepared
    assert prepare("folder", tmp_path / "set", tmp_path / "m.tsv").rows == 2


def test_paths_are_relative_to_a_manifest_above_and_absolute_elsewhere(tmp_path, clip) -> None:
    clip(tmp_path / "set" / "x" / "a.wav")
    (tmp_path / "elsewhere").mkdir()
    for manifest, path in (
        (tmp_path / "set" / "m.tsv", "x/a.wav"),
        (tmp_path / "m.tsv", "set/x/a.wav"),
        (tmp_path / "elsewhere" / "m.parquet", str(tmp_path / "set" / "x" / "a.wav")),
    ):
        prepare("folder", tmp_path / "set", manifest)
        (row,) = read_manifest(manifest)
        assert row.path == path
        assert placed(row, manifest).is_file()
        assert row.source_path == "x/a.wav"


class Twice(Corpus):
    """Rows with a doubled id, a stretch that is not there, and a file that is not there."""

    title, languages, licence, home, hours, speakers = "Twice", "en", "CC0-1.0", "https://example.org", 1.0, 1

    def rows(self, folder, problems) -> Iterator[Row]:
        yield Row("a.wav", id="one")
        yield Row("a.wav", id="one", text="again")
        yield Row("a.wav", id="two", start_s=0.1, end_s=0.4)
        yield Row("a.wav", id="three", start_s=0.1, end_s=9.0)
        yield Row("gone.wav", id="four")


def test_doubled_ids_missing_files_and_impossible_stretches(tmp_path, clip, prepared, monkeypatch) -> None:
    monkeypatch.setitem(corpora._classes, "twice", Twice)
    clip(tmp_path / "set" / "a.wav")
    found, rows, problems = prepared("twice", tmp_path / "set")
    assert list(rows) == ["one", "two"]
    assert rows["one"].text == ""
    assert rows["two"].duration_s == pytest.approx(0.3)
    assert found.hours == pytest.approx(0.8 / 3600, abs=1e-4)
    said = "\n".join(problems)
    assert "'one' is there twice" in said
    assert "ends at 0.50 s, before 9.00 s" in said
    assert "no such file" in said
    _, rows, problems = prepared("twice", tmp_path / "set", again=True, headers=False)
    assert list(rows) == ["one", "two", "three"]
    assert len(problems) == 2


def test_names_and_folders_that_are_not_there(tmp_path) -> None:
    with pytest.raises(ModelError, match=r"no corpus is called 'timid'; there are: .*timit"):
        prepare("timid", tmp_path, tmp_path / "m.tsv")
    with pytest.raises(CorpusError, match="no such folder"):
        prepare("timit", tmp_path / "none", tmp_path / "m.tsv")
    with pytest.raises(CorpusError, match="make it first"):
        prepare("folder", tmp_path, tmp_path / "none" / "m.tsv")
