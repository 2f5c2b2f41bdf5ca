"""ASVspoof 2019 LA: the protocols say everything; what they do not list is no clip of it."""

from collections import Counter
from pathlib import Path

import pytest

from voxproof.corpora import asvspoof2019
from voxproof.errors import CorpusError

TRAIN = (
    "\ufeffLA_0079 LA_T_1138215 - - bonafide\r\n"
    "LA_0079 LA_T_1271820 - A01 spoof\r\n"
    "LA_0080 LA_T_1000001 - A05 spoof\r\n"
    "LA_0080 LA_T_1000001 - A05 spoof\r\n"
    "LA_0080 LA_T_9999999 - A06 spoof\r\n"
    "LA_0080 LA_T_1000002 - A20 spoof\r\n"
    "LA_0080 LA_T_1000002 - - spoof\r\n"
    "LA_0080 LA_T_1000002 - A02 bonafide\r\n"
    "LA_0080 LA_T_1000002 - A02 fake\r\n"
    "LA_0080 LA_T_1000002 A02 spoof\r\n"
)
DEV = "LA_0069 LA_D_1047731 - - bonafide\n"
EVAL = "LA_0039 LA_E_2834763 - A13 spoof\nLA_0014 LA_E_8877452 - A19 spoof\n"


def tree(root: Path, clip) -> None:
    protocols = root / "ASVspoof2019_LA_cm_protocols"
    protocols.mkdir(parents=True)
    for name, lines in (("train.trn", TRAIN), ("dev.trl", DEV), ("eval.trl", EVAL)):
        (protocols / f"ASVspoof2019.LA.cm.{name}.txt").write_bytes(lines.encode())
    for part, names in (
        ("train", ("T_1138215.flac", "T_1271820.FLAC", "T_1000001.flac", "T_1000002.flac")),
        ("dev", ("D_1047731.flac", "D_0000000.flac")),
        ("eval", ("E_2834763.flac", "E_8877452.flac")),
    ):
        for name in names:
            clip(root / f"ASVspoof2019_LA_{part}" / "flac" / f"LA_{name}")


def test_its_tree(tmp_path, clip, prepared) -> None:
    root = tmp_path / "archive" / "LA" / "LA"
    tree(root, clip)
    found, rows, problems = prepared("asvspoof2019", tmp_path / "archive")
    assert {name: (row.label, row.split, row.generator, row.family, row.speaker) for name, row in rows.items()} == {
        "LA_T_1138215": ("real", "train", "", "", "LA_0079"),
        "LA_T_1271820": ("fake", "train", "A01", "tts", "LA_0079"),
        "LA_T_1000001": ("fake", "train", "A05", "vc", "LA_0080"),
        "LA_D_1047731": ("real", "dev", "", "", "LA_0069"),
        "LA_E_2834763": ("fake", "eval", "A13", "tts-vc", "LA_0039"),
        "LA_E_8877452": ("fake", "eval", "A19", "vc", "LA_0014"),
    }
    assert (found.labels, found.splits) == ({"fake": 4, "real": 2}, {"dev": 1, "eval": 2, "train": 3})
    row = rows["LA_T_1271820"]
    assert (row.original_codec, row.licence, row.language, row.year) == ("flac", "ODC-By-1.0", "en", "2019")
    told = [line.split("\t") for line in problems]
    assert [line[1] for line in told] == ["", "5", "6", "7", "8", "9", "10"]
    assert "is there twice" in told[0][2]
    assert told[1][2] == "there is no LA_T_9999999.flac"
    assert told[2][2] == "the system 'A20' does not go with spoof"
    assert told[4][2] == "the system 'A02' does not go with bonafide"


def test_the_kinds_of_systems() -> None:
    assert Counter(asvspoof2019.FAMILIES.values()) == {"tts": 11, "vc": 5, "tts-vc": 3}
    assert [name for name, kind in asvspoof2019.FAMILIES.items() if kind == "vc"] == "A05 A06 A17 A18 A19".split()


def test_parts_that_are_missing_are_told(tmp_path, clip, prepared) -> None:
    root = tmp_path / "LA"
    tree(root, clip)
    (root / "ASVspoof2019_LA_cm_protocols" / "ASVspoof2019.LA.cm.eval.trl.txt").unlink()
    (root / "ASVspoof2019_LA_train").rename(tmp_path / "elsewhere")
    found, _, problems = prepared("asvspoof2019", root)
    assert found.splits == {"dev": 1}
    assert [line.split("\t")[2] for line in problems] == ["no clips of train", "no protocol of eval; it is left out"]


def test_another_folder_is_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "ASVspoof2019_LA_train" / "flac" / "LA_T_1138215.flac")
    with pytest.raises(CorpusError, match="no ASVspoof2019_LA_cm_protocols"):
        prepared("asvspoof2019", tmp_path / "set")
