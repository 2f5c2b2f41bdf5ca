"""Common Voice: several languages and releases of columns; a clip in two tables is one row."""

from pathlib import Path

import pytest

from voxproof.corpora import common_voice  # noqa: F401 (registers itself)
from voxproof.errors import CorpusError

OLD = "client_id path sentence up_votes down_votes age gender accent locale segment".split()
NEW = (
    "client_id path sentence_id sentence sentence_domain up_votes down_votes age gender accents variant locale segment"
).split()


def write(file: Path, *rows: list[str], end: str = "\n", start: str = "") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes((start + "".join("\t".join(row) + end for row in rows)).encode())


def old(name: str, sentence: str = "Ja.", gender: str = "male", who: str = "ab1") -> list[str]:
    return [who, name, sentence, "2", "1", "twenties", gender, "Bayern", "de", ""]


def new(name: str, gender: str) -> list[str]:
    return ["cd2", name, "f00", "Oui.", "", "3", "0", "", gender, "Français de Belgique", "", "fr", "Benchmark"]


def release(root: Path, clip) -> None:
    german = root / "cv-corpus-5.1-2020-06-22" / "de"
    for name in ("1.mp3", "2.MP3", "3.mp3", "4.mp3", "5.mp3", "7.wav"):
        clip(german / "clips" / f"common_voice_de_{name}")
    write(german / "train.tsv", OLD, old("common_voice_de_1.mp3", '"Ja", sagte er, "natürlich.'), end="\r\n")
    write(german / "dev.tsv", OLD, old("common_voice_de_2.mp3", gender="female"), start="\ufeff")
    write(german / "test.tsv", OLD)
    write(
        german / "validated.tsv",
        OLD,
        old("common_voice_de_2.mp3"),
        old("common_voice_de_1.mp3"),
        old("common_voice_de_3.mp3", gender="other", who=""),
        old("common_voice_de_6.mp3"),
        ["too", "few"],
        old("de/clips/common_voice_de_7.mp3"),
        old("../../../outside.mp3"),
        old(""),
        old("x" * 300),
    )
    write(german / "invalidated.tsv", OLD, old("common_voice_de_4"))
    write(german / "other.tsv", OLD, old("common_voice_de_5.mp3", gender=""), old("common_voice_de_4.mp3"))


def test_a_language_with_its_quirks(tmp_path, clip, prepared) -> None:
    release(tmp_path / "cv", clip)
    clip(tmp_path / "outside.mp3")
    german = tmp_path / "cv" / "cv-corpus-5.1-2020-06-22" / "de"
    found, rows, problems = prepared("common_voice", german)
    assert {name.removeprefix("common_voice_de_"): row.split for name, row in rows.items()} == {
        "1": "train",
        "2": "dev",
        "3": "validated",
        "7": "validated",
        "4": "invalidated",
        "5": "other",
    }
    assert found.labels == {"real": 6}
    first = rows["common_voice_de_1"]
    assert first.text == '"Ja", sagte er, "natürlich.'
    assert (first.speaker, first.gender, first.age, first.accent) == ("ab1", "m", "twenties", "Bayern")
    assert (first.language, first.licence, first.original_codec) == ("de", "CC0-1.0", "mp3")
    assert first.extra == {"up_votes": "2", "down_votes": "1"}
    assert rows["common_voice_de_2"].gender == "f"
    assert rows["common_voice_de_2"].path.endswith("clips/common_voice_de_2.MP3")
    assert rows["common_voice_de_3"].gender == rows["common_voice_de_3"].speaker == ""
    assert rows["common_voice_de_3"].extra["gender"] == "other"
    assert rows["common_voice_de_5"].extra == {"up_votes": "2", "down_votes": "1"}
    told = [line.replace(f"{german}/", "").split("\t") for line in problems]
    assert [line[:2] for line in told] == [["validated.tsv", number] for number in "5 6 8 9 10".split()] + [
        ["clips/common_voice_de_4.mp3", ""]
    ]
    assert told[0][2] == "there is no clip 'common_voice_de_6.mp3'"
    assert told[1][2] == "2 cells where the head has 10"
    assert "is there twice" in told[-1][2]


def test_several_languages_of_several_releases(tmp_path, clip, prepared) -> None:
    release(tmp_path / "cv", clip)
    french = tmp_path / "cv" / "cv-corpus-17.0-2024-03-15" / "fr"
    for number in (1, 2):
        clip(french / "clips" / f"common_voice_fr_{number}.mp3")
    write(french / "train.tsv", NEW, new("common_voice_fr_1.mp3", "male_masculine"))
    write(french / "test.tsv", NEW, new("common_voice_fr_2.mp3", "female_feminine"))
    write(french / "validated.tsv", NEW, new("common_voice_fr_1.mp3", "male_masculine"))
    found, rows, problems = prepared("common_voice", tmp_path / "cv")
    assert found.rows == 8
    assert found.splits == {"dev": 1, "invalidated": 1, "other": 1, "test": 1, "train": 2, "validated": 2}
    row = rows["common_voice_fr_2"]
    assert (row.language, row.gender, row.accent, row.text) == ("fr", "f", "Français de Belgique", "Oui.")
    assert row.extra == {"up_votes": "3", "down_votes": "0", "segment": "Benchmark", "sentence_id": "f00"}
    assert rows["common_voice_fr_1"].gender == "m"
    missing = [line.split("\t")[0].rsplit("/", 1)[1] for line in problems if "no such table" in line]
    assert missing == ["dev.tsv", "invalidated.tsv", "other.tsv"]


def test_other_folders_are_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "somewhere" / "clips" / "a.mp3")
    with pytest.raises(CorpusError, match=r"no validated\.tsv"):
        prepared("common_voice", tmp_path / "somewhere")
    write(tmp_path / "somewhere" / "train.tsv", ["file", "text"], ["a.mp3", "Yes."])
    with pytest.raises(CorpusError, match="no column 'client_id', 'path', 'sentence'"):
        prepared("common_voice", tmp_path / "somewhere")
