"""DEEP-VOICE as Kaggle packs it."""

import pytest

from voxproof.corpora import deep_voice  # noqa: F401 (registers itself)
from voxproof.errors import CorpusError


def test_its_tree(tmp_path, clip, prepared) -> None:
    root = tmp_path / "archive"
    audio = root / "KAGGLE" / "AUDIO"
    clip(audio / "REAL" / "biden-original.wav", seconds=2.0, rate=44_100)
    clip(audio / "REAL" / "trump-original.WAV")
    clip(audio / "REAL" / "margot.wav")
    clip(audio / "FAKE" / "biden-to-Trump.wav")
    clip(audio / "FAKE" / "Obama-to-Biden.wav")
    clip(audio / "FAKE" / "unknown.wav")
    clip(root / "DEMONSTRATION" / "DEMONSTRATION" / "linus-to-musk-DEMO.mp3")
    (root / "KAGGLE" / "DATASET-balanced.csv").write_text("chroma_stft,LABEL\n0.3,FAKE\n")
    found, rows, problems = prepared("deep_voice", root)
    assert {name: (row.label, row.speaker, row.pair, row.page) for name, row in rows.items()} == {
        "biden-original": ("real", "biden", "biden", "biden-original"),
        "trump-original": ("real", "trump", "trump", "trump-original"),
        "biden-to-trump": ("fake", "trump", "biden", "biden-original"),
        "obama-to-biden": ("fake", "biden", "obama", "obama-original"),
    }
    assert (found.labels, found.speakers) == ({"fake": 2, "real": 2}, 2)
    fake, real = rows["biden-to-trump"], rows["biden-original"]
    assert (fake.generator, fake.family, fake.year) == ("RVC", "vc", "2023")
    assert (real.generator, real.family, real.year) == ("", "", "")
    assert (real.duration_s, real.original_sample_rate) == (pytest.approx(2.0), 44_100)
    told = [line.split("\t")[0].rsplit("/", 1)[1] for line in problems]
    assert told == ["margot.wav", "unknown.wav"]
    _, again, _ = prepared("deep_voice", audio, again=True)
    assert sorted(again) == sorted(rows)


def test_another_folder_is_refused(tmp_path, clip, prepared) -> None:
    clip(tmp_path / "set" / "REAL" / "biden-original.wav")
    with pytest.raises(CorpusError, match="has REAL and FAKE"):
        prepared("deep_voice", tmp_path / "set")
