"""Imitation: a label only where the names say one, and one alone."""

import pytest

from voxproof.corpora import imitation  # noqa: F401 (registers itself)
from voxproof.errors import CorpusError


def test_labels_come_from_names_alone(tmp_path, clip, prepared) -> None:
    root = tmp_path / "Fake voice recordings (Imitation)"
    for name in ("Original/1.wav", "FAKE/1.WAV", "Set 2/original_12.wav", "Set 2/Fake12.flac"):
        clip(root / name)
    for name in ("Set 2/13.wav", "Fake/original_3.wav", "faked/4.wav"):
        clip(root / name)
    found, rows, problems = prepared("imitation", tmp_path)
    labels = {row.source_path.split("/", 1)[1]: row.label for row in rows.values()}
    assert labels == {
        "Original/1.wav": "real",
        "FAKE/1.WAV": "fake",
        "Set 2/original_12.wav": "real",
        "Set 2/Fake12.flac": "fake",
    }
    assert found.labels == {"fake": 2, "real": 2}
    assert {(row.label, row.generator, row.family, row.year) for row in rows.values()} == {
        ("real", "", "", ""),
        ("fake", "imitation", "other", "2019"),
    }
    told = {line.split("\t")[0].rsplit("/", 1)[1]: line.split("\t")[2] for line in problems}
    assert told == {
        "13.wav": "its name and folders say no label",
        "original_3.wav": "its name and folders say fake and real label",
        "4.wav": "its name and folders say no label",
    }


def test_another_folder_is_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "anna" / "a.wav")
    with pytest.raises(CorpusError, match="called original or fake"):
        prepared("imitation", tmp_path / "set")
