"""VCTK in both releases: blanks, comments, two microphones, and the speakers that lack something."""

from pathlib import Path

import pytest

from voxproof.corpora import vctk  # noqa: F401 (registers itself)
from voxproof.errors import CorpusError

OLD = """ID  AGE  GENDER  ACCENTS  REGION  \r
225  23  F    English    Southern  England\r
251  26  M    Indian  \r
315  18  M    American  New  England \r
326  26  M    Australian  English  Sydney\r
"""
NEW = """ID  AGE  GENDER  ACCENTS  REGION COMMENTS
p225  23  F    English    Southern  England
p280  25  F    Unknown    France (mic2 files unavailable)
p315  18  M    American   New England (Text and mic2 files unavailable)
p335\t25\tF\tNewZealand\tEnglish
s5    24  M    British
p999  old  F
"""


def text(root: Path, name: str, said: str) -> None:
    place = root / "txt" / name.split("_")[0]
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.txt").write_text(said, encoding="utf-8")


def test_release_0_80(tmp_path, clip, prepared) -> None:
    root = tmp_path / "VCTK-Corpus"
    for name in ("p225_001", "p251_001", "p251_002", "p280_001", "p315_001", "p326_001"):
        clip(root / "wav48" / name.split("_")[0] / f"{name}.wav", rate=48_000)
        if name not in ("p315_001", "p251_002"):
            text(root, name, " Please call Stella.\n")
    clip(root / "wav48" / "p225" / "p226_003.wav")
    (root / "wav48" / "p326" / "p376_295.raw").write_bytes(b"\0\0")
    (root / "speaker-info.txt").write_bytes(OLD.encode())
    found, rows, problems = prepared("vctk", tmp_path)
    assert sorted(rows) == ["p225_001", "p251_001", "p251_002", "p280_001", "p315_001", "p326_001"]
    assert found.labels == {"real": 6}
    row = rows["p225_001"]
    assert (row.speaker, row.gender, row.age, row.accent) == ("p225", "f", "23", "English")
    assert (row.text, row.extra) == ("Please call Stella.", {"region": "Southern England"})
    assert (row.licence, row.original_sample_rate, row.language) == ("ODC-By-1.0", 48_000, "en")
    assert (rows["p251_001"].accent, rows["p251_001"].extra) == ("Indian", {})
    assert (rows["p326_001"].accent, rows["p326_001"].extra) == ("Australian English", {"region": "Sydney"})
    assert (rows["p280_001"].gender, rows["p280_001"].accent) == ("", "")
    assert (rows["p315_001"].text, rows["p315_001"].gender) == ("", "m")
    told = [line.replace(f"{root}/", "").split("\t") for line in problems]
    assert [line[0] for line in told] == ["wav48/p225/p226_003.wav", "txt/p251/p251_002.txt", "wav48/p315"]
    assert told[2][2] == "no texts of this speaker; its clips have none"


def test_release_0_92(tmp_path, clip, prepared) -> None:
    root = tmp_path / "VCTK"
    audio = root / "wav48_silence_trimmed"
    for name in ("p225_001_mic1.flac", "p225_001_mic2.flac", "p225_002_mic2.FLAC", "p280_001_mic1.flac"):
        clip(audio / name[:4] / name)
    for name in ("p315_001_mic1.flac", "p335_001_mic1.flac", "s5_001_mic1.flac", "s5_001_MIC2.flac"):
        clip(audio / name.split("_")[0] / name)
    (audio / "log.txt").write_text("trimmed")
    for name in ("p225_001", "p225_002", "p280_001", "p335_001", "s5_001"):
        text(root, name, "\ufeffAsk her.")
    (root / "speaker-info.txt").write_text(NEW)
    found, rows, problems = prepared("vctk", root)
    assert found.rows == 6
    assert {name: row.path.rsplit("/", 1)[1] for name, row in rows.items()} == {
        "p225_001": "p225_001_mic1.flac",
        "p225_002": "p225_002_mic2.FLAC",
        "p280_001": "p280_001_mic1.flac",
        "p315_001": "p315_001_mic1.flac",
        "p335_001": "p335_001_mic1.flac",
        "s5_001": "s5_001_mic1.flac",
    }
    first = rows["p225_001"]
    assert first.extra == {
        "mic2": "wav48_silence_trimmed/p225/p225_001_mic2.flac",
        "region": "Southern England",
    }
    assert (root / first.extra["mic2"]).is_file()
    assert (first.licence, first.text) == ("CC-BY-4.0", "Ask her.")
    assert rows["p225_002"].extra == {"microphone": "mic2", "region": "Southern England"}
    assert rows["p280_001"].extra == {"region": "France", "comment": "mic2 files unavailable"}
    assert (rows["p280_001"].text, rows["p280_001"].accent) == ("Ask her.", "Unknown")
    assert rows["p315_001"].extra["region"] == "New England"
    assert rows["p315_001"].text == ""
    assert (rows["p335_001"].accent, rows["p335_001"].extra) == ("NewZealand English", {})
    assert rows["s5_001"].extra == {"mic2": "wav48_silence_trimmed/s5/s5_001_MIC2.flac"}
    assert (rows["s5_001"].gender, rows["s5_001"].accent) == ("m", "British")
    told = [line.replace(f"{root}/", "").split("\t") for line in problems]
    assert [line[:2] for line in told] == [["speaker-info.txt", "7"], ["wav48_silence_trimmed/p315", ""]]


def test_without_facts_and_another_folder(tmp_path, clip, prepared) -> None:
    (tmp_path / "music").mkdir()
    with pytest.raises(CorpusError, match="no wav48 or wav48_silence_trimmed"):
        prepared("vctk", tmp_path / "music")
    clip(tmp_path / "vctk" / "wav48" / "p225" / "P225_001.WAV")
    _, rows, problems = prepared("vctk", tmp_path / "vctk")
    assert (rows["p225_001"].speaker, rows["p225_001"].gender) == ("p225", "")
    assert [line.split("\t")[0].rsplit("/", 1)[1] for line in problems] == ["speaker-info.txt", "p225"]
