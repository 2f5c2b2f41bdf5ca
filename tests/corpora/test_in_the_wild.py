"""In-the-Wild: numbered clips, and a table that says what they are."""

import pytest

from voxproof.corpora import in_the_wild  # noqa: F401 (it registers itself)
from voxproof.errors import CorpusError

META = """\ufefffile,speaker,label\r
0.wav,Alec Guinness,spoof\r
1.wav,"Queen Elizabeth, II",bona-fide\r
2.wav,Alec Guinness,unknown\r
3.wav,Alec Guinness,spoof\r
too,few\r
\r
4.wav,Barack Obama,bona-fide\r
0.wav,Alec Guinness,spoof\r
"""


def test_its_tree(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set" / "release_in_the_wild"
    for name in ("0.wav", "1.wav", "2.wav", "4.WAV", "5.wav"):
        clip(root / name)
    (root / "meta.csv").write_bytes(META.encode())
    found, rows, problems = prepared("in_the_wild", tmp_path / "set")
    assert {name: (row.label, row.speaker) for name, row in rows.items()} == {
        "0": ("fake", "Alec Guinness"),
        "1": ("real", "Queen Elizabeth, II"),
        "4": ("real", "Barack Obama"),
    }
    assert found.labels == {"fake": 1, "real": 2}
    assert found.speakers == 3
    assert (rows["0"].generator, rows["0"].split, rows["0"].language) == ("", "", "en")
    assert rows["4"].source_path == "release_in_the_wild/4.WAV"
    assert [line.split("\t", 1)[1] for line in problems] == [
        "4\tthe label 'unknown' is neither bona-fide nor spoof",
        "5\tthere is no '3.wav'",
        "6\t2 cells where the head has 3",
        "\tthe id '0' is there twice; only the first one is kept",
        "\tno line of meta.csv names it; it is left out",
    ]
    assert problems[-1].split("\t")[0].endswith("5.wav")


@pytest.mark.parametrize("head", ["path,label", "file,label,speaker_id"])
def test_another_table_is_refused(tmp_path, clip, prepared, head) -> None:
    clip(tmp_path / "set" / "0.wav")
    (tmp_path / "set" / "meta.csv").write_text(f"{head}\n0.wav,spoof\n")
    with pytest.raises(CorpusError, match=r"no column .*'speaker'"):
        prepared("in_the_wild", tmp_path / "set")


def test_no_table_is_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "0.wav")
    with pytest.raises(CorpusError, match=r"no meta\.csv"):
        prepared("in_the_wild", tmp_path / "set")
