"""ASVspoof 5: ten columns without names, apart by blanks although the files are called .tsv."""

from pathlib import Path

import pytest

from voxproof.corpora import asvspoof5  # noqa: F401 (registers itself)
from voxproof.errors import CorpusError

TRAIN = (
    "T_4850 T_0000000000 F - - - AC3 A05 spoof -\r\n"
    "T_0001 T_0000000001 M - - - - bonafide bonafide -\r\n"
    "T_0001 T_0000000001 M - - - - bonafide bonafide -\r\n"
    "T_0001 T_0000000002 M - - - AC1 A33 spoof -\r\n"
    "T_0001 T_0000000002 M - - - AC1 A01 bonafide -\r\n"
    "T_4850 T_0000000002 F AC3 A05 spoof\r\n"
    "T_0001 T_0000000009 M - - - AC1 A01 spoof -\r\n"
    "T_0001 ../flac_T/T_0000000002 M - - - AC1 A01 spoof -\r\n"
    "T_0001 T_0000000002 M - - - AC1 A01 fake -\r\n"
)
DEV = "\ufeffD_0062 D_0000000001 M - - - AC1 A11 spoof -\n"
EVAL = (
    "E_1607 E_0000000001 F C05 3 E_0000000002 - bonafide bonafide -\n"
    "E_1607 E_0000000002 F - - - - bonafide bonafide -\n"
)
TABLES = {"train": TRAIN, "dev.track_1": DEV, "eval.track_1": EVAL}


def tree(protocols: Path, root: Path, clip) -> None:
    protocols.mkdir(parents=True, exist_ok=True)
    for name, lines in TABLES.items():
        (protocols / f"ASVspoof5.{name}.tsv").write_bytes(lines.encode())
    for name in ("T/T_0000000000.flac", "T/T_0000000001.FLAC", "T/T_0000000002.flac", "D/D_0000000001.flac"):
        clip(root / f"flac_{name}")
    for name in ("E_0000000001.flac", "E_0000000002.flac"):
        clip(root / "flac_E_eval" / name)


def test_its_tree(tmp_path, clip, prepared) -> None:
    root = tmp_path / "asvspoof5"
    tree(root / "ASVspoof5_protocols", root, clip)
    found, rows, problems = prepared("asvspoof5", root)
    assert {name: (row.label, row.split, row.generator, row.speaker, row.gender) for name, row in rows.items()} == {
        "T_0000000000": ("fake", "train", "A05", "T_4850", "f"),
        "T_0000000001": ("real", "train", "", "T_0001", "m"),
        "D_0000000001": ("fake", "dev", "A11", "D_0062", "m"),
        "E_0000000001": ("real", "eval", "", "E_1607", "f"),
        "E_0000000002": ("real", "eval", "", "E_1607", "f"),
    }
    assert found.labels == {"fake": 2, "real": 3}
    assert rows["T_0000000000"].extra == {"adaptation": "AC3"}
    assert rows["E_0000000001"].extra == {"codec": "C05", "codec_q": "3"}
    assert rows["E_0000000001"].pair == rows["E_0000000002"].pair == "E_0000000002"
    assert rows["E_0000000002"].extra == {}
    assert rows["T_0000000000"].licence == "ODC-By-1.0"
    assert rows["T_0000000001"].licence == "CC-BY-4.0"
    told = [line.split("\t") for line in problems]
    assert [line[1] for line in told] == ["", "4", "5", "6", "7", "8", "9"]
    assert "is there twice" in told[0][2]
    assert told[1][2] == "the attack 'A33' does not go with spoof"
    assert told[2][2] == "the attack 'A01' does not go with bonafide"
    assert told[4][2] == "there is no T_0000000009.flac"
    assert (
        told[3][2]
        == told[5][2]
        == told[6][2]
        == ("no line of ten columns with a clip, and bonafide or spoof in the ninth")
    )


def test_protocols_beside_the_clips_and_parts_that_are_missing(tmp_path, clip, prepared) -> None:
    root = tmp_path / "data" / "ASVspoof5"
    tree(root, root, clip)
    (root / "ASVspoof5.dev.track_1.tsv").unlink()
    (root / "flac_E_eval").rename(root / "eval")
    found, _, problems = prepared("asvspoof5", tmp_path / "data")
    assert found.splits == {"train": 2}
    said = [line.split("\t")[2] for line in problems]
    assert said[-2:] == ["no protocol of dev; it is left out", "no clips of eval"]


def test_another_folder_is_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "flac_T" / "T_0000000000.flac")
    with pytest.raises(CorpusError, match=r"no ASVspoof5\.train\.tsv"):
        prepared("asvspoof5", tmp_path / "set")
