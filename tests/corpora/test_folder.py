"""Any tree: labels from folders, or from a table."""

import pytest

from voxproof.errors import CorpusError


def test_labels_and_speakers_come_from_folders(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set"
    clip(root / "train" / "real" / "anna" / "a.WAV")
    clip(root / "train" / "Fake" / "anna" / "a.wav")
    clip(root / "test" / "bonafide" / "b.flac")
    clip(root / "others" / "c.ogg")
    (root / "others" / "notes.txt").write_text("no sound")
    (root / "others" / "broken.wav").write_bytes(b"RIFF")
    clip(root / "others" / "._c.wav")
    found, rows, problems = prepared("folder", root)
    assert {name: (row.label, row.split, row.speaker) for name, row in rows.items()} == {
        "train/real/anna/a": ("real", "train", "anna"),
        "train/Fake/anna/a": ("fake", "train", "anna"),
        "test/bonafide/b": ("real", "test", ""),
        "others/c": ("", "", "others"),
    }
    assert found.labels == {"": 1, "fake": 1, "real": 2}
    assert len(problems) == 1
    assert "broken.wav" in problems[0]


def test_a_table_says_it_with_its_quirks(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set"
    for name in "abc":
        clip(root / f"{name}.wav")
    clip(tmp_path / "outside.wav")
    (root / "labels.csv").write_text(
        "\ufefffile,label,speaker,sentence,licence\n"
        'a.wav,bona-fide,anna,"Yes, of course.",CC0-1.0\n'
        "b.wav,spoof,anna,Yes.,\n"
        "c.wav,maybe,,,\n"
        "d.wav,real,,,\n"
        "../outside.wav,real,,,\n"
        "too,few\n"
        ",real,,,\n",
        encoding="utf-8",
    )
    _, rows, problems = prepared("folder", root)
    assert {name: row.label for name, row in rows.items()} == {"a": "real", "b": "fake", "c": ""}
    assert (rows["a"].text, rows["a"].licence) == ("Yes, of course.", "CC0-1.0")
    assert rows["b"].licence == "not told"
    assert [line.split("\t")[1] for line in problems] == ["4", "5", "6", "7", "8"]


def test_a_table_without_files_is_refused(tmp_path, prepared) -> None:
    root = tmp_path / "set"
    root.mkdir()
    (root / "metadata.csv").write_text("name,label\na,real\n")
    with pytest.raises(CorpusError, match="no column of files"):
        prepared("folder", root)


def test_nothing_in_it(tmp_path, prepared) -> None:
    (tmp_path / "set").mkdir()
    with pytest.raises(CorpusError, match="no clip of any folder"):
        prepared("folder", tmp_path / "set")
