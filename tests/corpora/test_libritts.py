"""LibriTTS and LibriTTS-R in their own trees."""

from pathlib import Path

import pytest

from voxproof.corpora import libritts  # noqa: F401 (registers itself)
from voxproof.errors import CorpusError

SPEAKERS = "READER\tGENDER\tSUBSET\tNAME\r\n84\tF\tdev-clean\tChristie Nowak\r\n19\tM\ttrain-clean-100\r\n17\r\n"


def utterance(root: Path, part: str, name: str, clip, texts: tuple[str, str] | None) -> None:
    speaker, chapter, *_ = name.split("_")
    place = root / part / speaker / chapter
    clip(place / f"{name}.wav", rate=24_000)
    if texts is not None:
        (place / f"{name}.normalized.txt").write_text(texts[0], encoding="utf-8")
        (place / f"{name}.original.txt").write_text(texts[1], encoding="utf-8")


def test_its_tree(tmp_path, clip, prepared) -> None:
    root = tmp_path / "LibriTTS"
    utterance(
        root, "dev-clean", "84_121123_000007_000001", clip, ("\ufeffOn the fifth of May.\n", "On the 5th of May.")
    )
    utterance(root, "dev-clean", "84_121123_000008_000000", clip, None)
    utterance(root, "train-clean-100", "19_198_000000_000000", clip, ('With "speech-belts', 'With "speech-belts'))
    utterance(root, "train-clean-100", "19_198_000000_000001", clip, ("", "x"))
    clip(root / "train-clean-100" / "19" / "198" / "19_198_000000_000002.WAV")
    clip(root / "train-clean-100" / "19" / "199" / "19_198_000000_000003.wav")
    clip(root / "train-clean-100" / "19" / "198" / "19_198.wav")
    clip(root / "train-clean-100" / "19" / "198" / "._19_198_000000_000000.wav")
    (root / "speakers.tsv").write_bytes(SPEAKERS.encode())
    found, rows, problems = prepared("libritts", tmp_path)
    assert found.splits == {"dev-clean": 2, "train-clean-100": 3}
    row = rows["84_121123_000007_000001"]
    assert (row.text, row.extra) == ("On the fifth of May.", {"original": "On the 5th of May."})
    assert (row.speaker, row.gender, row.page) == ("84", "f", "84-121123")
    assert (row.original_sample_rate, row.licence, row.language) == (24_000, "CC-BY-4.0", "en")
    assert (rows["84_121123_000008_000000"].text, rows["84_121123_000008_000000"].extra) == ("", {})
    assert rows["19_198_000000_000000"].text == 'With "speech-belts'
    assert rows["19_198_000000_000000"].gender == "m"
    assert rows["19_198_000000_000002"].path.endswith(".WAV")
    told = sorted(line.replace(f"{root}/", "").split("\t", 2)[:2] for line in problems)
    assert told == [
        ["dev-clean/84/121123/84_121123_000008_000000.normalized.txt", ""],
        ["dev-clean/84/121123/84_121123_000008_000000.original.txt", ""],
        ["speakers.tsv", "4"],
        ["train-clean-100/19/198/19_198.wav", ""],
        ["train-clean-100/19/198/19_198_000000_000001.normalized.txt", ""],
        ["train-clean-100/19/198/19_198_000000_000002.normalized.txt", ""],
        ["train-clean-100/19/198/19_198_000000_000002.original.txt", ""],
        ["train-clean-100/19/199/19_198_000000_000003.wav", ""],
    ]


def test_restored_speech_says_so(tmp_path, clip, prepared) -> None:
    for name in ("LibriTTS", "LibriTTS_R"):
        utterance(tmp_path / name, "test-clean", "61_70968_000000_000000", clip, ("He began.", "He began."))
    _, rows, problems = prepared("libritts", tmp_path)
    assert {name: row.extra.get("restored") for name, row in rows.items()} == {
        "LibriTTS/61_70968_000000_000000": None,
        "LibriTTS_R/61_70968_000000_000000": "yes",
    }
    assert problems == []
    _, rows, _ = prepared("libritts", tmp_path / "LibriTTS_R", again=True)
    assert rows["61_70968_000000_000000"].extra == {"original": "He began.", "restored": "yes"}


def test_other_folders_are_refused(tmp_path, clip, prepared) -> None:
    (tmp_path / "music").mkdir()
    with pytest.raises(CorpusError, match="no train-clean-100"):
        prepared("libritts", tmp_path / "music")
    clip(tmp_path / "LibriSpeech" / "dev-clean" / "84" / "121123" / "84-121123-0000.flac")
    with pytest.raises(CorpusError, match="no clip of LibriTTS"):
        prepared("libritts", tmp_path / "LibriSpeech")
