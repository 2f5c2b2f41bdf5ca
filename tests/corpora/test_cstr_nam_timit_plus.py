"""CSTR NAM TIMIT Plus: two microphones for each whisper, three conditions, two folders of texts."""

import pytest

from voxproof.corpora import cstr_nam_timit_plus  # noqa: F401 (it registers itself)
from voxproof.errors import CorpusError


def test_its_tree(tmp_path, clip, prepared) -> None:
    root = tmp_path / "set" / "CSTR-NAM-TIMIT-Plus"
    for name in (
        "HERALD-CLEAN/001_headset.wav",
        "HERALD-CLEAN/001_nam.WAV",
        "HERALD-NOISY/001_nam.wav",
        "TIMIT-NOISY/001_headset.wav",
        "TIMIT-NOISY/001_nam.wav",
        "TIMIT-NOISY/002_headset.wav",
        "TIMIT-NOISY/002_nam.wav",
        "TIMIT-NOISY/003.wav",
    ):
        clip(root / name)
    (root / "HERALD-TEXT").mkdir()
    (root / "HERALD-TEXT" / "001.txt").write_bytes("\ufeffThe council met.\r\n".encode())
    (root / "TIMIT-TEXT").mkdir()
    (root / "TIMIT-TEXT" / "001.TXT").write_text("Is this seesaw safe?\n")
    found, rows, problems = prepared("cstr_nam_timit_plus", tmp_path / "set")
    assert {name: (row.pair, row.extra["microphone"], row.text) for name, row in rows.items()} == {
        "HERALD-CLEAN-001-headset": ("HERALD-CLEAN-001", "headset", "The council met."),
        "HERALD-CLEAN-001-nam": ("HERALD-CLEAN-001", "nam", "The council met."),
        "HERALD-NOISY-001-nam": ("HERALD-NOISY-001", "nam", "The council met."),
        "TIMIT-NOISY-001-headset": ("TIMIT-NOISY-001", "headset", "Is this seesaw safe?"),
        "TIMIT-NOISY-001-nam": ("TIMIT-NOISY-001", "nam", "Is this seesaw safe?"),
        "TIMIT-NOISY-002-headset": ("TIMIT-NOISY-002", "headset", ""),
        "TIMIT-NOISY-002-nam": ("TIMIT-NOISY-002", "nam", ""),
    }
    row = rows["HERALD-NOISY-001-nam"]
    assert row.extra == {"microphone": "nam", "condition": "noisy", "sentences": "herald"}
    assert (row.label, row.language, row.page) == ("real", "en", "HERALD-NOISY-001")
    assert found.speakers == 1
    told = sorted((line.split("\t")[0].rpartition("set/")[2], line.split("\t")[2]) for line in problems)
    assert told == [
        ("CSTR-NAM-TIMIT-Plus/HERALD-NOISY/001_nam.wav", "there is no 001_headset.wav beside it"),
        (
            "CSTR-NAM-TIMIT-Plus/TIMIT-NOISY/002_headset.wav",
            "there is no TIMIT-TEXT/002.txt; the whisper has no text",
        ),
        (
            "CSTR-NAM-TIMIT-Plus/TIMIT-NOISY/003.wav",
            "its name is none of a whisper (001_nam.wav, 001_headset.wav)",
        ),
    ]


def test_another_folder_is_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "TIMIT" / "001_nam.wav")
    with pytest.raises(CorpusError, match="no HERALD-CLEAN"):
        prepared("cstr_nam_timit_plus", tmp_path / "set")
