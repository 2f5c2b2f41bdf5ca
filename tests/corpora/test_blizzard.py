"""Blizzard Challenge: three years, three kinds of lists."""

import pytest

from voxproof.corpora import blizzard  # noqa: F401 (it registers itself)
from voxproof.errors import CorpusError

NANCY = """( RURAL-02198 "The farm, she said, is sold." )
( APDC2-023-10 "He called it \\"a day\\"." )\r
( NYT00-001 "Gone." )
no prompt
"""
TWAIN = (
    "\ufeff# 1_SENT_FILE_NAME\t2_PARAGRAPH_NUMBER\t3_SENT_IN_PARAGR\t4_CONFIDENCE\n"
    "chp01_00001\t1\t1\t97.5\t1\tOne day it occurred to me.\tone day it occurred to me\tONE DAY\n"
    "chp01_00002\t1\t2\t40\t2\tI looked about.\ti looked\tI LOOKED\n"
    "-\t1\t3\t0\t3\tNobody read this.\t-\t-\n"
    "chp02_00003\t1\t4\t99\n"
    "chp02_00004\t1\t4\t99\t5\tGone.\tgone\tGONE\n"
)
BYERS = """CA-BB-07-04
@ Well , she said , | it's the horse 's # bridle .
||
CA-MP3-15-164
||
CA-BB-07-05

Then we went home .
||
CA-BB-07-06
Gone .
||
CA-BB-07-07
broken off
"""


def test_all_years_below_one_folder(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set"
    nancy, book, byers = root / "nancy", root / "Blizzard2012" / "ATrampAbroad", root / "BC2013" / "train" / "segmented"
    clip(nancy / "wavn" / "RURAL-02198.wav")
    clip(nancy / "wavn" / "APDC2-023-10.WAV")
    clip(nancy / "wav" / "RURAL-02198.wav", rate=48_000)
    (nancy / "prompts.data").write_bytes(NANCY.encode())
    for name in ("chp01_00001", "chp01_00002"):
        clip(book / "wav" / f"{name}.wav")
    (book / "sentence_index.txt").write_text(TWAIN, encoding="utf-8")
    for name in ("CA-BB-07-04", "CA-BB-07-05", "CA-MP3-15-164"):
        clip(byers / "wavn" / f"{name}.wav")
    (byers / "prompts.gui").write_text(BYERS)
    found, rows, problems = prepared("blizzard", root)
    assert {name: (row.speaker, row.gender, row.page, row.text) for name, row in rows.items()} == {
        "2011-RURAL-02198": ("nancy", "f", "", "The farm, she said, is sold."),
        "2011-APDC2-023-10": ("nancy", "f", "", 'He called it "a day".'),
        "2012-ATrampAbroad-chp01_00001": ("john-greenman", "m", "ATrampAbroad-chp01", "One day it occurred to me."),
        "2012-ATrampAbroad-chp01_00002": ("john-greenman", "m", "ATrampAbroad-chp01", "I looked about."),
        "2013-CA-BB-07-04": ("catherine-byers", "f", "CA-BB-07", "Well, she said, it's the horse's bridle."),
        "2013-CA-BB-07-05": ("catherine-byers", "f", "CA-BB-07", "Then we went home."),
    }
    assert found.labels == {"real": 6}
    assert rows["2011-RURAL-02198"].source_path == "nancy/wavn/RURAL-02198.wav"
    assert rows["2012-ATrampAbroad-chp01_00002"].extra == {"challenge": "2012", "confidence": "40"}
    assert rows["2013-CA-BB-07-05"].extra == {"challenge": "2013", "prompt": "Then we went home ."}
    told = sorted((line.split("\t")[0].rpartition("/")[2], *line.split("\t")[1:]) for line in problems)
    assert told == [
        ("prompts.data", "3", "there is no NYT00-001.wav in wavn"),
        ("prompts.data", "4", 'no line of ( NAME "text" )'),
        ("prompts.gui", "10", "there is no CA-BB-07-06.wav in wavn"),
        ("prompts.gui", "13", "the last sentence does not end with ||"),
        ("prompts.gui", "4", "1 lines before || where a sentence has 2"),
        ("sentence_index.txt", "5", "4 cells where a sentence has 8"),
        ("sentence_index.txt", "6", "there is no chp02_00004.wav in wav"),
    ]


def test_another_folder_is_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "wavs" / "LJ001-0001.wav")
    (tmp_path / "set" / "prompts.gui").write_text(BYERS)
    with pytest.raises(CorpusError, match=r"no prompts\.data, sentence_index\.txt, prompts\.gui beside"):
        prepared("blizzard", tmp_path / "set")
