"""Speech Accent Archive: Kaggle's tree with its table's quirks."""

import pytest

from voxproof.corpora.speech_accent_archive import PARAGRAPH
from voxproof.errors import CorpusError

TABLE = """\ufeffage,age_onset,birthplace,filename,native_language,sex,speakerid,country,file_missing?,,,\r
24,12,"koussi, senegal",balanta,balanta,male,788,senegal,TRUE,,,\r
27.0,9,"virginia, south africa",afrikaans1,afrikaans,female,1,south africa,FALSE,,,\r
40,0,"sydney, australia",english2,english,famale,73,australia,FALSE,,,\r
0,0,,english3,english,unknown,74,,FALSE,,,\r
30,10,x,gone1,zulu,male,99,x,FALSE,,,\r
1,2,3\r
"""


def test_its_tree(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set"
    for name in ("afrikaans1.mp3", "english2.MP3", "english3.mp3", "stray1.mp3"):
        clip(root / "recordings" / "recordings" / name, rate=44_100)
    (root / "speakers_all.csv").write_bytes(TABLE.encode())
    found, rows, problems = prepared("speech_accent_archive", root)
    assert {name: (row.speaker, row.gender, row.accent, row.age) for name, row in rows.items()} == {
        "afrikaans1": ("1", "f", "afrikaans", "27"),
        "english2": ("73", "f", "english", "40"),
        "english3": ("74", "", "english", ""),
    }
    assert {row.text for row in rows.values()} == {PARAGRAPH}
    assert PARAGRAPH.startswith("Please call Stella. Ask her")
    assert len(PARAGRAPH.split()) == 69
    assert rows["afrikaans1"].extra == {
        "native_language": "afrikaans",
        "age_onset": "9",
        "birthplace": "virginia, south africa",
        "country": "south africa",
    }
    assert (rows["english2"].original_codec, rows["english2"].language) == ("mp3", "en")
    assert found.labels == {"real": 3}
    assert [line.split("\t", 1)[1] for line in problems] == [
        "5\tthe sex 'unknown' is neither male nor female; it is left empty",
        "6\tthere is no gone1.mp3",
        "7\t3 cells where the head has 12",
        "\tno line of speakers_all.csv names it; it is left out",
    ]
    assert problems[-1].split("\t")[0].endswith("stray1.mp3")


def test_other_folders_are_refused(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set"
    clip(root / "english1.mp3")
    with pytest.raises(CorpusError, match=r"no speakers_all\.csv"):
        prepared("speech_accent_archive", root)
    (root / "speakers_all.csv").write_bytes(TABLE.encode())
    with pytest.raises(CorpusError, match="no recordings"):
        prepared("speech_accent_archive", root)
    (root / "recordings").mkdir()
    (root / "speakers_all.csv").write_text("age,filename\n1,english1\n")
    with pytest.raises(CorpusError, match="no column 'native_language'"):
        prepared("speech_accent_archive", root)
