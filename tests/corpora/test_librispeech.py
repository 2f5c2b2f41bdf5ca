"""LibriSpeech in its own tree."""

import pytest

from voxproof.errors import CorpusError

SPEAKERS = """; the header
;ID  |SEX| SUBSET           |MINUTES| NAME
84   | F | dev-clean        |  8.02 | Christie Nowak
174  | M | dev-clean        |  8.04 | Peter Eastman
broken
"""


def test_its_tree(tmp_path, clip, prepared) -> None:
    root = tmp_path / "LibriSpeech"
    for speaker, chapter, names in (("84", "121123", ("0000", "0001")), ("174", "50561", ("0000",))):
        place = root / "dev-clean" / speaker / chapter
        for name in names:
            clip(place / f"{speaker}-{chapter}-{name}.flac")
        told = [f"{speaker}-{chapter}-{name} GO DO YOU HEAR" for name in (*names, "0009")]
        (place / f"{speaker}-{chapter}.trans.txt").write_text("\n".join(told) + "\n")
    (root / "SPEAKERS.TXT").write_text(SPEAKERS)
    (root / "dev-clean" / "84" / "7").mkdir()
    found, rows, problems = prepared("librispeech", tmp_path)
    assert sorted(rows) == ["174-50561-0000", "84-121123-0000", "84-121123-0001"]
    assert found.splits == {"dev-clean": 3}
    row = rows["174-50561-0000"]
    assert (row.speaker, row.gender, row.text, row.page) == ("174", "m", "GO DO YOU HEAR", "174-50561")
    assert (row.licence, row.original_codec, row.language) == ("CC-BY-4.0", "flac", "en")
    told = [line.split("\t", 1)[1] for line in problems]
    assert sorted(told) == [
        "\tno .trans.txt in this chapter; its clips are left out",
        "2\tthere is no 174-50561-0009.flac",
        "3\tthere is no 84-121123-0009.flac",
        "5\tno speaker's line",
    ]


def test_another_folder_is_refused(tmp_path, prepared) -> None:
    (tmp_path / "music").mkdir()
    with pytest.raises(CorpusError, match="no train-clean-100"):
        prepared("librispeech", tmp_path)
