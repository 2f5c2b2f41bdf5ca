"""TIMIT as on the disc (SPHERE, capitals) and as copies have it."""

from pathlib import Path

import pytest

from voxproof.corpora import Problems
from voxproof.corpora.timit import segments
from voxproof.errors import CorpusError


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def sentence(place: Path, name: str, text: str, clip, lower: bool = False) -> None:
    case = str.lower if lower else str
    clip(place / case(f"{name}.WAV"), format="WAV" if lower else "NIST")
    write(place / case(f"{name}.TXT"), f"0 8000 {text}\n")
    write(place / case(f"{name}.PHN"), "0 3050 h#\n3050 8000 sh\n")
    write(place / case(f"{name}.WRD"), "3050 8000 she\n")


def test_the_disc(tmp_path, clip, prepared) -> None:
    root = tmp_path / "LDC93S1" / "TIMIT"
    sentence(root / "TRAIN" / "DR1" / "FCJF0", "SA1", "She had your dark suit.", clip)
    sentence(root / "TRAIN" / "DR1" / "FCJF0", "SX37", "Critical equipment needs proper maintenance.", clip)
    sentence(root / "TEST" / "DR8" / "MMPM0", "SA1", "She had your dark suit.", clip)
    clip(root / "TEST" / "DR8" / "MMPM0" / "SI1061.WAV", format="NIST")  # without .TXT
    clip(root / "TEST" / "WAVS" / "STRAY.WAV")
    found, rows, problems = prepared("timit", tmp_path / "LDC93S1")
    assert found.rows == 4
    assert found.splits == {"test": 2, "train": 2}
    assert found.speakers == 2
    first = rows["train-fcjf0-sa1"]
    assert (first.speaker, first.gender, first.accent) == ("FCJF0", "f", "New England")
    assert first.text == "She had your dark suit."
    assert first.duration_s == pytest.approx(0.5)
    assert first.original_codec == "pcm_s16le"
    assert first.extra["kind"] == "SA"
    spans = segments(tmp_path / "LDC93S1" / first.extra["phones"], Problems(strict=True))
    assert spans == [(0.0, 3050 / 16_000, "h#"), (3050 / 16_000, 0.5, "sh")]
    assert rows["test-mmpm0-sa1"].accent == "Army Brat"
    assert rows["test-mmpm0-si1061"].text == ""
    assert any("SI1061.TXT" in line for line in problems)
    assert any("STRAY.WAV" in line and "dialect region" in line for line in problems)


def test_a_copy_in_lower_case_with_both_kinds_of_files(tmp_path, clip, prepared) -> None:
    place = tmp_path / "timit" / "train" / "dr2" / "mabc0"
    sentence(place, "SI1", "Alfalfa is healthy for you.", clip, lower=True)
    clip(place / "SX2.WAV", format="NIST")
    clip(place / "SX2.WAV.wav")
    write(place / "SX2.TXT", "words without numbers\n")
    (tmp_path / "timit" / "test").mkdir()
    found, rows, problems = prepared("timit", tmp_path)
    assert sorted(rows) == ["train-mabc0-si1", "train-mabc0-sx2"]
    assert rows["train-mabc0-si1"].speaker == "MABC0"
    assert len(problems) == found.problems == 1
    assert problems[0].split("\t")[1] == "1"


def test_another_folder_is_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "somewhere" / "a.wav")
    with pytest.raises(CorpusError, match="TRAIN and TEST"):
        prepared("timit", tmp_path)


def test_broken_segments_are_told_with_their_line(tmp_path) -> None:
    write(tmp_path / "SA1.PHN", "0 100 h#\n200 100 sh\nx y z\n100 300 iy\n")
    problems = Problems()
    assert [one[2] for one in segments(tmp_path / "SA1.PHN", problems)] == ["h#", "iy"]
    assert [problem.line for problem in problems] == [2, 3]
